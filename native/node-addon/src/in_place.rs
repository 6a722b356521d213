//! Calls in place: `f(x)` runs on the notebook's own thread.

use std::ptr::null_mut;

use napi::sys;
use tandem_cell_host::abi::Slot;

use crate::arguments::{self, Arena, Lend};
use crate::expose::{called, Callback};
use crate::failure::Failure;
use crate::functions::{CellFunction, MOST_PARAMETERS};
use crate::outcome::ended;
use crate::quick::{self, Quick};
use crate::{callbacks, calls, careful};

/// The callback of a function with `WANTED` parameters: all that a call keeps on the stack is of this size. Node-API tells how
/// many values were passed, whatever it is asked for.
unsafe extern "C" fn call_in_place<const WANTED: usize, const KNOWN: bool>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    if calls::on() {
        // SAFETY: this callback's own parameters.
        return unsafe { noted::<WANTED, KNOWN>(env, info) };
    }
    // SAFETY: as above.
    unsafe { perform::<WANTED, KNOWN>(env, info) }
}

/// The same call, noted for a profile.
///
/// # Safety
/// As `perform`.
#[cold]
#[inline(never)]
unsafe fn noted<const WANTED: usize, const KNOWN: bool>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    // SAFETY: the caller's.
    let (function, ..) = unsafe { called(env, info) };
    let _call = calls::in_place(function);
    // SAFETY: the caller's.
    unsafe { perform::<WANTED, KNOWN>(env, info) }
}

/// # Safety
/// `env` and `info` are those of a callback of `make` that runs now.
#[inline(always)]
unsafe fn perform<const WANTED: usize, const KNOWN: bool>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    let mut count = WANTED;
    let mut values = [null_mut(); WANTED];
    let mut data = null_mut();
    let places = match WANTED {
        0 => null_mut(),
        _ => values.as_mut_ptr(),
    };
    // SAFETY: room for `count` values, and the data is what `make` gave.
    let function = unsafe {
        sys::napi_get_cb_info(env, info, &mut count, places, null_mut(), &mut data);
        &*(data as *const CellFunction)
    };
    // While Rust holds a function of the notebook, JavaScript may run before the call returns.
    if let (Some(plan), true) = (&function.plan, count == WANTED && !callbacks::any()) {
        match quick::run::<WANTED, KNOWN>(env, &function.loaded, plan, &values) {
            Quick::Value(value) => return value,
            Quick::Unread => {}
            Quick::Ended(status, slot) => {
                let outcome = function.loaded.outcome(status, slot);
                return answer(env, ended(env, function, outcome));
            }
        }
    }
    answer(env, run::<WANTED>(env, function, &values, count))
}

/// The value, or the failure as the pending exception.
#[inline(never)]
fn answer(env: sys::napi_env, value: std::result::Result<sys::napi_value, Failure>) -> sys::napi_value {
    value.unwrap_or_else(|failure| {
        failure.throw(env);
        null_mut()
    })
}

#[inline(never)]
fn run<const WANTED: usize>(
    env: sys::napi_env,
    function: &'static CellFunction,
    values: &[sys::napi_value],
    count: usize,
) -> std::result::Result<sys::napi_value, Failure> {
    if function.calls_back || callbacks::any() {
        return careful::run(env, function, values, count);
    }
    let mut slots = [Slot::default(); WANTED];
    let mut arena = Arena::default();
    arguments::read(
        env,
        function,
        values,
        count,
        Lend::InPlace,
        &mut arena,
        &mut slots,
    )?;
    if callbacks::any() {
        // A getter among the arguments let Rust have a function meanwhile: what was lent must not be used.
        drop(arena);
        return careful::run(env, function, values, count);
    }
    arena.give_away();
    // SAFETY: `read` made a slot for each parameter, of its type, and refused overlapping mutable slices; what they
    // point to is kept by the arena, or by JavaScript, which does not run during the call.
    let outcome = unsafe { function.loaded.call(&slots) };
    // The loans end before the result is made: making it runs JavaScript.
    drop(arena);
    ended(env, function, outcome)
}

/// The callback for so many parameters. `KNOWN`: as in `quick::run`.
pub fn callback<const KNOWN: bool>(parameters: usize) -> Callback {
    macro_rules! choose {
        ($($wanted:literal),*) => {
            match parameters {
                $($wanted => call_in_place::<$wanted, KNOWN>,)*
                _ => call_in_place::<MOST_PARAMETERS, KNOWN>,
            }
        };
    }
    choose!(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
}
