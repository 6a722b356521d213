//! What calls have in common that end after they have returned their promise: `.async` and `async fn`s.

use std::ptr::null_mut;

use napi::sys;
use tandem_cell_host::abi::{Cancel, Slot};

use crate::arguments::{self, Arena, Lend};
use crate::cancel;
use crate::failure::{check, Failure};
use crate::functions::{called, CellFunction, MOST_PARAMETERS};

/// A call whose arguments are read and whose promise is made.
pub struct Later {
    pub function: &'static CellFunction,
    slots: [Slot; MOST_PARAMETERS],
    /// Keeps what the slots point to.
    pub arena: Arena,
    pub deferred: sys::napi_deferred,
    /// What it can be given up by: its number, and what Rust sees until `cancel::end`; null where it cannot be.
    pub number: u32,
    pub cancel: *const Cancel,
}

impl Later {
    /// A slot for each parameter.
    pub fn arguments(&self) -> &[Slot] {
        &self.slots[..self.function.loaded.signature.parameters.len()]
    }
}

/// The whole of a callback: its arguments are copied, since JavaScript goes on, and `start` begins the call. What fails before
/// that is thrown.
///
/// # Safety
/// Called by a callback of `functions::make` with its own parameters.
pub unsafe fn promise(
    env: sys::napi_env,
    info: sys::napi_callback_info,
    start: fn(sys::napi_env, Later) -> Result<(), Failure>,
) -> sys::napi_value {
    // SAFETY: the caller's.
    let (function, values, count) = unsafe { called(env, info) };
    let number = cancel::begin();
    let begun = begin(env, function, &values, count, number)
        .and_then(|(promise, later)| start(env, later).map(|()| promise));
    begun.unwrap_or_else(|failure| {
        cancel::end(number);
        failure.throw(env);
        null_mut()
    })
}

fn begin(
    env: sys::napi_env,
    function: &'static CellFunction,
    values: &[sys::napi_value],
    count: usize,
    number: u32,
) -> Result<(sys::napi_value, Later), Failure> {
    if let Some(reason) = &function.stays {
        return Err(Failure::Type(reason.clone()));
    }
    let mut arena = Arena::default();
    let mut slots = [Slot::default(); MOST_PARAMETERS];
    arguments::read(env, function, values, count, Lend::Copy, &mut arena, &mut slots)?;
    let (mut promise, mut deferred) = (null_mut(), null_mut());
    // SAFETY: `env` is the running one; all results go to locals.
    check(unsafe { sys::napi_create_promise(env, &mut deferred, &mut promise) })?;
    arena.give_away();
    let later = Later {
        function,
        slots,
        arena,
        deferred,
        number,
        cancel: cancel::of(number),
    };
    Ok((promise, later))
}
