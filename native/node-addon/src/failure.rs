//! Why a call did not return a value, and how JavaScript is told.

use std::ffi::c_char;
use std::ptr::null_mut;

use napi::sys;
use tandem_cell_host::library::Outcome;

pub enum Failure {
    Type(String),
    Range(String),
    /// A plain error; `code` is one of the project's own.
    Error {
        code: &'static str,
        text: String,
    },
    /// An error that is made already.
    Made(sys::napi_value),
    /// JavaScript has an exception pending already.
    Pending,
}

impl Failure {
    /// The failure of a call that did not return; `file` is the cell's name.
    pub fn of(outcome: Outcome, file: &str) -> Failure {
        match outcome {
            Outcome::Failed(text) => Failure::Error {
                code: "RUST_ERR",
                text,
            },
            Outcome::Panicked { text, place } => {
                let place = place.map_or(String::new(), |place| {
                    let own =
                        place.file == tandem_cell_host::shim::CELL_FILE || place.file.ends_with("/cell.rs");
                    let name = if own { file } else { &place.file };
                    format!(" ({name}:{}:{})", place.line, place.column)
                });
                Failure::Error {
                    code: "RUST_PANIC",
                    text: format!("panicked: {text}{place}"),
                }
            }
            Outcome::Cancelled => Failure::Error {
                code: "ABORT_ERR",
                text: "The call was given up.".into(),
            },
            Outcome::Done(_) | Outcome::Thrown(_) | Outcome::Passed(_) => Failure::Pending,
        }
    }

    /// The JavaScript error, or null where one is pending.
    pub fn to_error(&self, env: sys::napi_env) -> sys::napi_value {
        let (text, code) = match self {
            Failure::Type(text) | Failure::Range(text) => (text, ""),
            Failure::Error { code, text } => (text, *code),
            Failure::Made(error) => return *error,
            Failure::Pending => return null_mut(),
        };
        let mut error = null_mut();
        let code = if code.is_empty() {
            null_mut()
        } else {
            string(env, code)
        };
        let text = string(env, text);
        // SAFETY: `env` is the running one, both are values of it, and `error` takes the result.
        unsafe {
            match self {
                Failure::Type(_) => sys::napi_create_type_error(env, code, text, &mut error),
                Failure::Range(_) => sys::napi_create_range_error(env, code, text, &mut error),
                _ => sys::napi_create_error(env, code, text, &mut error),
            };
        }
        error
    }

    pub fn throw(&self, env: sys::napi_env) {
        let error = self.to_error(env);
        if !error.is_null() {
            // SAFETY: a value of this environment, just made.
            unsafe { sys::napi_throw(env, error) };
        }
    }
}

/// The status of a Node-API call as a result: whatever is not ok left an exception or is a fault of ours.
pub fn check(status: sys::napi_status) -> Result<(), Failure> {
    match status {
        sys::Status::napi_ok => Ok(()),
        sys::Status::napi_pending_exception => Err(Failure::Pending),
        other => Err(Failure::Error {
            code: "RUST_HOST",
            text: format!("Node-API answered with status {other}."),
        }),
    }
}

/// A JavaScript string.
pub fn string(env: sys::napi_env, text: &str) -> sys::napi_value {
    let mut value = null_mut();
    // SAFETY: the text is read during the call, by its length.
    unsafe {
        sys::napi_create_string_utf8(
            env,
            text.as_ptr() as *const c_char,
            text.len() as isize,
            &mut value,
        )
    };
    value
}
