//! Blocks of numbers as typed arrays, moved out without a copy where the runtime allows it.

use std::ffi::c_void;
use std::ptr::null_mut;

use napi::sys;
use tandem_cell_host::abi::{Free, Slot};
use tandem_cell_host::number::Number;

use crate::arguments::array_kind;
use crate::failure::check;
use crate::results::Value;

/// A result's block of numbers as a typed array that owns it.
pub fn move_out(env: sys::napi_env, element: Number, slot: Slot, free: Free) -> Value {
    let bytes = slot.b as usize * element.array_width().unwrap_or(1);
    if bytes == 0 {
        let value = copy_out(env, element, slot);
        // SAFETY: read, and not used again.
        unsafe { free(slot) };
        return value;
    }
    let owner = Box::into_raw(Box::new((slot, free)));
    let mut buffer = null_mut();
    // SAFETY: the block lives until the finalizer frees it, once.
    let status = unsafe {
        sys::napi_create_external_arraybuffer(
            env,
            slot.a as *mut c_void,
            bytes,
            Some(free_block),
            owner.cast(),
            &mut buffer,
        )
    };
    if status != sys::Status::napi_ok {
        // Electron forbids buffers outside V8's own memory.
        let value = copy_out(env, element, slot);
        // SAFETY: the finalizer was not taken over; this is the one free.
        unsafe { free_block(env, null_mut(), owner.cast()) };
        return value;
    }
    typed_array(env, element, slot.b as usize, buffer)
}

unsafe extern "C" fn free_block(_: sys::napi_env, _: *mut c_void, owner: *mut c_void) {
    // SAFETY: `move_out` made this box, and it is taken back once.
    let (slot, free) = *unsafe { Box::from_raw(owner as *mut (Slot, Free)) };
    // SAFETY: the block is the function's own result.
    unsafe { free(slot) };
}

pub fn copy_out(env: sys::napi_env, element: Number, slot: Slot) -> Value {
    let bytes = slot.b as usize * element.array_width().unwrap_or(1);
    let (mut data, mut buffer) = (null_mut(), null_mut());
    // SAFETY: as above.
    check(unsafe { sys::napi_create_arraybuffer(env, bytes, &mut data, &mut buffer) })?;
    if bytes > 0 {
        // SAFETY: both have this many bytes and are apart.
        unsafe { std::ptr::copy_nonoverlapping(slot.a as *const u8, data as *mut u8, bytes) };
    }
    typed_array(env, element, slot.b as usize, buffer)
}

fn typed_array(env: sys::napi_env, element: Number, length: usize, buffer: sys::napi_value) -> Value {
    let mut value = null_mut();
    // SAFETY: the buffer has `length` elements of this kind, from its start.
    check(unsafe { sys::napi_create_typedarray(env, array_kind(element), length, buffer, 0, &mut value) })?;
    Ok(value)
}
