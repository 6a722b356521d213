//! The errors of callbacks on their way through Rust: each is kept until the call ends, so that the notebook gets the
//! very error that its function threw.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ptr::null_mut;

use napi::sys;

use crate::failure::Failure;
use crate::js;

struct Kept {
    id: u64,
    /// An object that holds the error: a reference to a number or a text cannot be made.
    holder: sys::napi_ref,
    text: String,
}

/// More are under way at once only where Rust drops them.
const MOST: usize = 16;

thread_local! {
    static KEPT: RefCell<VecDeque<Kept>> = const { RefCell::new(VecDeque::new()) };
    static NEXT: Cell<u64> = const { Cell::new(1) };
}

/// Keeps the error of a failure; what it is known by, and its text.
pub fn keep(env: sys::napi_env, failure: &Failure) -> (u64, String) {
    let error = match failure {
        Failure::Pending => {
            let mut error = null_mut();
            // SAFETY: `env` is the running one, results go to locals, here and below.
            unsafe { sys::napi_get_and_clear_last_exception(env, &mut error) };
            error
        }
        other => other.to_error(env),
    };
    let text = text_of(env, error);
    let Ok(object) = js::object(env) else {
        return (0, text);
    };
    let mut holder = null_mut();
    if error.is_null() || js::set_field(env, object, "error", error).is_err() {
        return (0, text);
    }
    // SAFETY: as above.
    if unsafe { sys::napi_create_reference(env, object, 1, &mut holder) } != sys::Status::napi_ok {
        return (0, text);
    }
    let id = NEXT.get();
    NEXT.set(id + 1);
    KEPT.with_borrow_mut(|kept| {
        if kept.len() == MOST {
            if let Some(old) = kept.pop_front() {
                // SAFETY: it is deleted once.
                unsafe { sys::napi_delete_reference(env, old.holder) };
            }
        }
        kept.push_back(Kept {
            id,
            holder,
            text: text.clone(),
        });
    });
    (id, text)
}

/// The error that is known by this number.
pub fn take(env: sys::napi_env, id: u64) -> Option<sys::napi_value> {
    take_where(env, |one| one.id == id)
}

/// The latest error with this text: what a function's `Err` was made of.
pub fn take_text(env: sys::napi_env, text: &str) -> Option<sys::napi_value> {
    take_where(env, |one| one.text == text)
}

/// The latest error that nothing took: the cause of a panic of the call.
pub fn take_any(env: sys::napi_env) -> Option<sys::napi_value> {
    take_where(env, |_| true)
}

/// Forgets the errors that Rust dropped.
pub fn clear(env: sys::napi_env) {
    for old in KEPT.take() {
        // SAFETY: it is deleted once.
        unsafe { sys::napi_delete_reference(env, old.holder) };
    }
}

fn take_where(env: sys::napi_env, fits: impl Fn(&Kept) -> bool) -> Option<sys::napi_value> {
    let found = KEPT.with_borrow_mut(|kept| {
        let position = kept.iter().rposition(fits)?;
        kept.remove(position)
    })?;
    let mut object = null_mut();
    // SAFETY: as above; the reference is deleted once.
    unsafe {
        sys::napi_get_reference_value(env, found.holder, &mut object);
        sys::napi_delete_reference(env, found.holder);
    }
    js::field(env, object, "error").ok()
}

/// An error's message; of what is no error, its text.
fn text_of(env: sys::napi_env, error: sys::napi_value) -> String {
    let message = js::field(env, error, "message")
        .ok()
        .and_then(|one| js::text(env, one));
    message
        .or_else(|| {
            let mut text = null_mut();
            // SAFETY: as above. It fails for what has no text.
            let status = unsafe { sys::napi_coerce_to_string(env, error, &mut text) };
            js::clear_exception(env);
            (status == sys::Status::napi_ok)
                .then(|| js::text(env, text))
                .flatten()
        })
        .unwrap_or_else(|| "A callback threw something without a text.".into())
}
