//! Many calls of one function without leaving native code, for measuring.

use std::hint::black_box;
use std::ptr::null_mut;
use std::time::Instant;

use napi::{sys, Error, Result};
use tandem_cell_host::abi::Slot;
use tandem_cell_host::library::Outcome;
use tandem_cell_host::types::{Access, Type};

use crate::arguments::{self, Arena, Lend};
use crate::callbacks;
use crate::failure::Failure;
use crate::functions::{CellFunction, MOST_PARAMETERS};
use crate::outcome::ended;

/// `{ ns, result }`: nanoseconds of the whole loop by the monotonic clock, and the last call's value.
pub fn run(
    env: sys::napi_env,
    function: &'static CellFunction,
    values: &[sys::napi_value],
    iterations: u64,
) -> Result<sys::napi_value> {
    match measure(env, function, values, iterations.max(1)) {
        Ok((ns, value)) => Ok(pair(env, ns, value)),
        Err(failure) => {
            failure.throw(env);
            Err(Error::new(napi::Status::PendingException, String::new()))
        }
    }
}

fn measure(
    env: sys::napi_env,
    function: &'static CellFunction,
    values: &[sys::napi_value],
    iterations: u64,
) -> std::result::Result<(f64, sys::napi_value), Failure> {
    let mut arena = Arena::default();
    let mut slots = [Slot::default(); MOST_PARAMETERS];
    let count = function.loaded.signature.parameters.len();
    let mut padded = [null_mut(); MOST_PARAMETERS];
    let given = values.len().min(MOST_PARAMETERS);
    padded[..given].copy_from_slice(&values[..given]);
    // While Rust holds functions of the notebook, a call may run them, and they may write to what is lent.
    let lend = if callbacks::any() {
        Lend::CopyHere
    } else {
        Lend::InPlace
    };
    arguments::read(env, function, &padded, values.len(), lend, &mut arena, &mut slots)?;
    let signature = &function.loaded.signature;
    if signature.is_async {
        return Err(Failure::Type(format!(
            "{} is async: it cannot be called many times in a row.",
            signature.name
        )));
    }
    if signature.parameters.iter().any(|parameter| gives(&parameter.ty)) {
        return Err(Failure::Type(format!(
            "{} takes an instance or a function by value: it can be called once with it, not many times.",
            signature.name
        )));
    }
    let start = Instant::now();
    for _ in 1..iterations {
        // SAFETY: as for a call in place: `read` made and checked the slots.
        match unsafe { function.loaded.call(black_box(&slots[..count])) } {
            // SAFETY: each result is freed once.
            Outcome::Done(slot) => unsafe { function.loaded.free(black_box(slot)) },
            outcome => return ended(env, function, outcome).map(|value| (0.0, value)),
        }
    }
    // SAFETY: as above. The last result is kept to be compared.
    let last = unsafe { function.loaded.call(black_box(&slots[..count])) };
    let ns = start.elapsed().as_nanos() as f64;
    drop(arena);
    Ok((ns, ended(env, function, last)?))
}

fn gives(ty: &Type) -> bool {
    let mut found = false;
    ty.walk(&mut |one| {
        found |= matches!(
            one,
            Type::Instance {
                access: Access::Owned,
                ..
            } | Type::Impl {
                access: Access::Owned,
                ..
            } | Type::Callback(_)
        )
    });
    found
}

fn pair(env: sys::napi_env, ns: f64, result: sys::napi_value) -> sys::napi_value {
    let (mut object, mut number) = (null_mut(), null_mut());
    // SAFETY: `env` is the running one; the names end in 0.
    unsafe {
        sys::napi_create_object(env, &mut object);
        sys::napi_create_double(env, ns, &mut number);
        sys::napi_set_named_property(env, object, c"ns".as_ptr(), number);
        sys::napi_set_named_property(env, object, c"result".as_ptr(), result);
    }
    object
}
