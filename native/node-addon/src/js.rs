//! Small steps with JavaScript's own objects, which Node-API has no functions for.

use std::ffi::CStr;
use std::ptr::null_mut;

use napi::sys;

use crate::failure::{check, string, Failure};

type Value = Result<sys::napi_value, Failure>;

/// A property of the global object: `Map`, `Array`.
pub fn global(env: sys::napi_env, name: &CStr) -> Value {
    let mut global = null_mut();
    // SAFETY: `env` is the running one; results go to locals, here and below.
    check(unsafe { sys::napi_get_global(env, &mut global) })?;
    property(env, global, name)
}

pub fn property(env: sys::napi_env, object: sys::napi_value, name: &CStr) -> Value {
    let mut value = null_mut();
    // SAFETY: as above; the name ends in 0.
    check(unsafe { sys::napi_get_named_property(env, object, name.as_ptr(), &mut value) })?;
    Ok(value)
}

/// A property by a name that is known at run time only.
pub fn field(env: sys::napi_env, object: sys::napi_value, name: &str) -> Value {
    let mut value = null_mut();
    // SAFETY: as above.
    check(unsafe { sys::napi_get_property(env, object, string(env, name), &mut value) })?;
    Ok(value)
}

pub fn set_field(
    env: sys::napi_env,
    object: sys::napi_value,
    name: &str,
    value: sys::napi_value,
) -> Result<(), Failure> {
    // SAFETY: as above.
    check(unsafe { sys::napi_set_property(env, object, string(env, name), value) })
}

pub fn object(env: sys::napi_env) -> Value {
    let mut object = null_mut();
    // SAFETY: as above.
    check(unsafe { sys::napi_create_object(env, &mut object) })?;
    Ok(object)
}

/// `Array.from(value)`, `Object.entries(value)`: a function of a global object, called with one value.
pub fn call_global(env: sys::napi_env, owner: &CStr, name: &CStr, values: &[sys::napi_value]) -> Value {
    let owner = global(env, owner)?;
    let function = property(env, owner, name)?;
    let mut result = null_mut();
    // SAFETY: as above; the values are read by their count.
    check(unsafe {
        sys::napi_call_function(env, owner, function, values.len(), values.as_ptr(), &mut result)
    })?;
    Ok(result)
}

/// `new Map(value)`, `new Set(value)`.
pub fn construct(env: sys::napi_env, class: &CStr, value: sys::napi_value) -> Value {
    let class = global(env, class)?;
    let mut result = null_mut();
    // SAFETY: as above.
    check(unsafe { sys::napi_new_instance(env, class, 1, &value, &mut result) })?;
    Ok(result)
}

pub fn is_instance_of(env: sys::napi_env, value: sys::napi_value, class: &CStr) -> Result<bool, Failure> {
    let class = global(env, class)?;
    let mut is = false;
    // SAFETY: as above.
    check(unsafe { sys::napi_instanceof(env, value, class, &mut is) })?;
    Ok(is)
}

/// A string's text; none for other values.
pub fn text(env: sys::napi_env, value: sys::napi_value) -> Option<String> {
    let mut length = 0usize;
    // SAFETY: without a buffer it gives the length in bytes.
    let status = unsafe { sys::napi_get_value_string_utf8(env, value, null_mut(), 0, &mut length) };
    if status != sys::Status::napi_ok {
        return None;
    }
    let mut bytes = vec![0u8; length + 1];
    // SAFETY: room for the text and its 0.
    unsafe {
        sys::napi_get_value_string_utf8(env, value, bytes.as_mut_ptr().cast(), bytes.len(), &mut length)
    };
    bytes.truncate(length);
    String::from_utf8(bytes).ok()
}

/// Whatever a step of ours has thrown is forgotten.
pub fn clear_exception(env: sys::napi_env) {
    let mut ignored = null_mut();
    // SAFETY: as above.
    unsafe { sys::napi_get_and_clear_last_exception(env, &mut ignored) };
}
