//! What a call has ended with, as JavaScript's value or error.

use napi::sys;
use tandem_cell_host::library::Outcome;

use crate::failure::Failure;
use crate::functions::CellFunction;
use crate::{js, results, thrown};

/// A call's result, or why there is none.
pub fn ended(
    env: sys::napi_env,
    function: &'static CellFunction,
    outcome: Outcome,
) -> std::result::Result<sys::napi_value, Failure> {
    match outcome {
        Outcome::Done(slot) => results::take(env, function, slot),
        Outcome::Thrown(slot) => Err(results::thrown(env, function, slot)),
        Outcome::Passed(id) => Err(thrown::take(env, id).map_or_else(
            || Failure::Error {
                code: "RUST_HOST",
                text: format!(
                    "{}: a callback threw, and its error is gone.",
                    function.loaded.signature.name
                ),
            },
            Failure::Made,
        )),
        Outcome::Failed(text) => match thrown::take_text(env, &text) {
            Some(error) => Err(Failure::Made(error)),
            None => Err(Failure::of(Outcome::Failed(text), &function.cell.file)),
        },
        outcome @ Outcome::Panicked { .. } => {
            let failure = Failure::of(outcome, &function.cell.file);
            match function.calls_back.then(|| thrown::take_any(env)).flatten() {
                Some(cause) => {
                    let error = failure.to_error(env);
                    js::set_field(env, error, "cause", cause)?;
                    Err(Failure::Made(error))
                }
                None => Err(failure),
            }
        }
        outcome => Err(Failure::of(outcome, &function.cell.file)),
    }
}

/// Settles a promise.
pub fn settle(
    env: sys::napi_env,
    deferred: sys::napi_deferred,
    value: std::result::Result<sys::napi_value, Failure>,
) {
    // SAFETY: the promise is settled once, with values of this environment.
    unsafe {
        match value {
            Ok(value) => sys::napi_resolve_deferred(env, deferred, value),
            Err(failure) => {
                let mut error = failure.to_error(env);
                if error.is_null() {
                    sys::napi_get_and_clear_last_exception(env, &mut error);
                }
                sys::napi_reject_deferred(env, deferred, error)
            }
        };
    }
}
