//! The functions of loaded cells as JavaScript functions.

use std::ffi::{c_char, c_void, CStr};
use std::ptr::null_mut;

use napi::{sys, Result};
use tandem_cell_host::library::Loaded;
use tandem_cell_host::panics;

use crate::functions::{self, Cell, CellFunction, MOST_PARAMETERS};
use crate::in_place::callback;
use crate::{background, quick, tasks};

/// An array of `{ id, call, async }`, in the order of the exports. Where arrays are lent there is `known`, too: `call` for values
/// of which the caller knows that each slice's is a typed array of its kind.
pub fn expose(env: sys::napi_env, loaded: Vec<Loaded>, cell: Cell) -> Result<sys::napi_value> {
    let cell: &'static Cell = Box::leak(Box::new(cell));
    panics::watch_thread();
    let mut list = null_mut();
    // SAFETY: `env` is the running one, here and below; each out parameter is a local.
    unsafe { sys::napi_create_array(env, &mut list) };
    for (index, loaded) in loaded.into_iter().enumerate() {
        let (id, function) = functions::add(loaded, cell)?;
        let entry = entry(env, id, function);
        // SAFETY: as above.
        unsafe { sys::napi_set_element(env, list, index as u32, entry) };
    }
    Ok(list)
}

/// `{ id, call, async }` of one function, and `known`.
fn entry(env: sys::napi_env, id: u32, function: &'static CellFunction) -> sys::napi_value {
    let signature = &function.loaded.signature;
    let count = signature.parameters.len();
    let (mut entry, mut number) = (null_mut(), null_mut());
    // SAFETY: as in `expose`.
    unsafe {
        sys::napi_create_object(env, &mut entry);
        sys::napi_create_uint32(env, id, &mut number);
    }
    let set = |name: &CStr, value: sys::napi_value| {
        // SAFETY: both are values of this environment.
        unsafe { sys::napi_set_named_property(env, entry, name.as_ptr(), value) };
    };
    let set_function = |name: &CStr, callback: Callback| set(name, make(env, callback, function));
    set(c"id", number);
    if signature.is_async {
        set_function(c"call", tasks::call);
        set_function(c"async", tasks::call);
    } else {
        set_function(c"call", callback::<false>(count));
        set_function(c"async", background::call);
        if function.plan.as_ref().is_some_and(quick::Plan::lends) {
            set_function(c"known", callback::<true>(count));
        }
    }
    entry
}

pub type Callback = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

fn make(env: sys::napi_env, callback: Callback, function: &'static CellFunction) -> sys::napi_value {
    let name = &function.loaded.signature.name;
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

/// The function and the arguments of a callback.
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
    let function = unsafe {
        sys::napi_get_cb_info(env, info, &mut count, values.as_mut_ptr(), null_mut(), &mut data);
        &*(data as *const CellFunction)
    };
    // Node-API fills the places of missing arguments with undefined, and tells how many were passed.
    (function, values, count.min(MOST_PARAMETERS))
}
