//! JavaScript objects that stand for Rust's instances: each holds its handle under one symbol.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ptr::null_mut;

use napi::sys;
use tandem_cell_host::classes::{self, Class};

use crate::failure::{check, Failure};

thread_local! {
    /// The symbol, of this thread's environment.
    static SYMBOL: Cell<sys::napi_ref> = const { Cell::new(null_mut()) };
    /// What makes an object of a handle, by the class's path.
    static MAKERS: RefCell<HashMap<String, sys::napi_ref>> = RefCell::default();
}

/// Sets the symbol under which objects hold their handles.
pub fn use_symbol(env: sys::napi_env, symbol: sys::napi_value) -> Result<(), Failure> {
    let mut reference = null_mut();
    // SAFETY: `env` is the running one; Node-API refers to symbols as to objects.
    check(unsafe { sys::napi_create_reference(env, symbol, 1, &mut reference) })?;
    SYMBOL.set(reference);
    Ok(())
}

/// Remembers what makes objects of a class: a function of the handle.
pub fn set_maker(env: sys::napi_env, path: String, maker: sys::napi_value) -> Result<(), Failure> {
    let mut reference = null_mut();
    // SAFETY: as above.
    check(unsafe { sys::napi_create_reference(env, maker, 1, &mut reference) })?;
    MAKERS.with_borrow_mut(|makers| makers.insert(path, reference));
    Ok(())
}

/// The handle that an object holds. What others wrote there is found out where the handle is used.
pub fn of(env: sys::napi_env, value: sys::napi_value) -> Option<u64> {
    let mut kind = sys::ValueType::napi_undefined;
    if value.is_null() {
        return None;
    }
    // SAFETY: as above; results go to locals.
    unsafe { sys::napi_typeof(env, value, &mut kind) };
    if kind != sys::ValueType::napi_object {
        return None;
    }
    let (mut symbol, mut held, mut number) = (null_mut(), null_mut(), -1.0);
    // SAFETY: as above.
    let read = unsafe {
        sys::napi_get_reference_value(env, SYMBOL.get(), &mut symbol) == sys::Status::napi_ok
            && sys::napi_get_property(env, value, symbol, &mut held) == sys::Status::napi_ok
            && sys::napi_get_value_double(env, held, &mut number) == sys::Status::napi_ok
    };
    (read && number >= 0.0).then_some(number as u64)
}

/// A handle itself, as methods pass that of their object.
#[inline]
pub fn number(env: sys::napi_env, value: sys::napi_value) -> Option<u64> {
    let mut number = -1.0;
    // SAFETY: as above; no value is none to Node-API.
    let status = unsafe { sys::napi_get_value_double(env, value, &mut number) };
    (status == sys::Status::napi_ok && number >= 0.0).then_some(number as u64)
}

/// The object of a new instance.
pub fn make(env: sys::napi_env, class: &'static Class, address: u64) -> Result<sys::napi_value, Failure> {
    let Some(maker) = MAKERS.with_borrow(|makers| makers.get(&class.path).copied()) else {
        return Err(Failure::Error {
            code: "RUST_HOST",
            text: format!("The class {} is not declared in this thread.", class.name),
        });
    };
    let handle = classes::insert(class, address);
    let (mut function, mut this, mut number, mut object) = (null_mut(), null_mut(), null_mut(), null_mut());
    // SAFETY: as above.
    unsafe {
        check(sys::napi_get_reference_value(env, maker, &mut function))?;
        check(sys::napi_get_undefined(env, &mut this))?;
        check(sys::napi_create_double(env, handle as f64, &mut number))?;
        check(sys::napi_call_function(
            env,
            this,
            function,
            1,
            &number,
            &mut object,
        ))?;
    }
    Ok(object)
}
