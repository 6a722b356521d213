//! The functions of loaded cells as JavaScript functions.

use std::ffi::{c_char, c_void};
use std::ptr::null_mut;
use std::sync::Mutex;

use napi::{sys, Error, Result};
use tandem_cell_host::abi::Slot;
use tandem_cell_host::library::{Loaded, Outcome};

use crate::arguments::{self, Arena, Lend};
use crate::background;
use crate::failure::{string, Failure};
use crate::results;

/// More parameters than anyone writes; a function with more is refused when it is loaded.
pub const MOST_PARAMETERS: usize = 16;

/// A function of a cell, alive as long as the process: JavaScript may hold it that long.
pub struct CellFunction {
    pub loaded: Loaded,
    /// The cell's name, for panics.
    pub file: String,
    pub big_as_number: bool,
}

static FUNCTIONS: Mutex<Vec<&'static CellFunction>> = Mutex::new(Vec::new());

pub fn by_id(id: u32) -> Result<&'static CellFunction> {
    let functions = FUNCTIONS.lock().unwrap_or_else(|broken| broken.into_inner());
    functions
        .get(id as usize)
        .copied()
        .ok_or_else(|| Error::from_reason("There is no such function."))
}

/// An array of `{ name, id, call, async }`.
pub fn expose(
    env: sys::napi_env,
    loaded: Vec<Loaded>,
    file: &str,
    big_as_number: bool,
) -> Result<sys::napi_value> {
    let mut list = null_mut();
    // SAFETY: `env` is the running one, here and below; each out parameter is a local.
    unsafe { sys::napi_create_array(env, &mut list) };
    for (index, loaded) in loaded.into_iter().enumerate() {
        let name = loaded.signature.name.clone();
        if loaded.signature.parameters.len() > MOST_PARAMETERS {
            return Err(Error::from_reason(format!(
                "{name} has more than {MOST_PARAMETERS} parameters."
            )));
        }
        let function: &'static CellFunction = Box::leak(Box::new(CellFunction {
            loaded,
            file: file.to_string(),
            big_as_number,
        }));
        let id = {
            let mut functions = FUNCTIONS.lock().unwrap_or_else(|broken| broken.into_inner());
            functions.push(function);
            functions.len() as u32 - 1
        };
        let mut entry = null_mut();
        let mut number = null_mut();
        // SAFETY: the values are of this environment, the property names end in 0.
        unsafe {
            sys::napi_create_object(env, &mut entry);
            sys::napi_create_uint32(env, id, &mut number);
            set(env, entry, c"name".as_ptr(), string(env, &name));
            set(env, entry, c"id".as_ptr(), number);
            set(
                env,
                entry,
                c"call".as_ptr(),
                make(env, &name, call_in_place, function),
            );
            set(
                env,
                entry,
                c"async".as_ptr(),
                make(env, &name, background::call, function),
            );
            sys::napi_set_element(env, list, index as u32, entry);
        }
    }
    Ok(list)
}

/// # Safety
/// `object` and `value` are values of `env`, `name` ends in 0.
unsafe fn set(env: sys::napi_env, object: sys::napi_value, name: *const c_char, value: sys::napi_value) {
    // SAFETY: the caller's.
    unsafe { sys::napi_set_named_property(env, object, name, value) };
}

type Callback = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

fn make(
    env: sys::napi_env,
    name: &str,
    callback: Callback,
    function: &'static CellFunction,
) -> sys::napi_value {
    let mut value = null_mut();
    let data = function as *const CellFunction as *mut c_void;
    // SAFETY: the callback has Node-API's type, its data lives as long as the process.
    unsafe {
        sys::napi_create_function(
            env,
            name.as_ptr() as *const c_char,
            name.len() as isize,
            Some(callback),
            data,
            &mut value,
        )
    };
    value
}

/// The function and the arguments of a callback; missing arguments are `undefined`.
///
/// # Safety
/// Called by a callback of `make` with its own parameters.
pub unsafe fn called(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> (&'static CellFunction, [sys::napi_value; MOST_PARAMETERS], usize) {
    let mut count = MOST_PARAMETERS;
    let mut values = [null_mut(); MOST_PARAMETERS];
    let mut data = null_mut();
    // SAFETY: room for `count` values, and the data is what `make` gave.
    unsafe {
        sys::napi_get_cb_info(env, info, &mut count, values.as_mut_ptr(), null_mut(), &mut data);
        (&*(data as *const CellFunction), values, count)
    }
}

unsafe extern "C" fn call_in_place(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: these are this callback's.
    let (function, values, count) = unsafe { called(env, info) };
    match run(env, function, &values, count) {
        Ok(value) => value,
        Err(failure) => {
            failure.throw(env);
            null_mut()
        }
    }
}

fn run(
    env: sys::napi_env,
    function: &'static CellFunction,
    values: &[sys::napi_value; MOST_PARAMETERS],
    count: usize,
) -> std::result::Result<sys::napi_value, Failure> {
    let mut arena = Arena::default();
    let mut slots = [Slot::default(); MOST_PARAMETERS];
    let parameters = &function.loaded.signature.parameters;
    arguments::read(
        env,
        function,
        &values[..],
        count,
        Lend::InPlace,
        &mut arena,
        &mut slots,
    )?;
    // SAFETY: `read` made a slot for each parameter, of its type, and refused overlapping mutable slices; what they
    // point to is kept by the arena, or by JavaScript, which does not run during the call.
    match unsafe { function.loaded.call(&slots[..parameters.len()]) } {
        Outcome::Done(slot) => results::take(env, function, slot),
        outcome => Err(Failure::of(outcome, &function.file)),
    }
}
