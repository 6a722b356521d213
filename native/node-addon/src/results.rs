//! Result slots as JavaScript values. Blocks of numbers move out without a copy where the runtime allows it.

use std::ffi::c_void;
use std::ptr::null_mut;

use napi::sys;
use tandem_cell_host::abi::{Free, Slot};
use tandem_cell_host::types::{Number, Type};

use crate::arguments::array_kind;
use crate::failure::{check, string, Failure};
use crate::functions::CellFunction;

type Value = Result<sys::napi_value, Failure>;

/// The value of a call's result, which is freed, or owned by JavaScript's collector from now on.
pub fn take(env: sys::napi_env, function: &'static CellFunction, slot: Slot) -> Value {
    let returns = &function.loaded.signature.returns;
    if let Some(element) = returns.array_element() {
        return move_out(env, element, slot, function.loaded.free_function());
    }
    let writer = Writer {
        env,
        big_as_number: function.big_as_number,
    };
    let value = writer.value(returns, slot);
    if !matches!(
        returns,
        Type::Number { .. } | Type::Bool | Type::Unit | Type::Char
    ) {
        // SAFETY: it is a result of this function, read to the end, and not used again.
        unsafe { function.loaded.free(slot) };
    }
    value
}

struct Writer {
    env: sys::napi_env,
    big_as_number: bool,
}

impl Writer {
    fn value(&self, ty: &Type, slot: Slot) -> Value {
        let mut value = null_mut();
        let env = self.env;
        match ty {
            Type::Number { name } => return self.number(*name, slot),
            // SAFETY: `env` is the running one and the result goes to a local, here and below.
            Type::Unit => check(unsafe { sys::napi_get_undefined(env, &mut value) })?,
            // SAFETY: as above.
            Type::Bool => check(unsafe { sys::napi_get_boolean(env, slot.a != 0, &mut value) })?,
            Type::Char => {
                let character = char::from_u32(slot.a as u32).unwrap_or(char::REPLACEMENT_CHARACTER);
                return Ok(string(env, character.encode_utf8(&mut [0; 4])));
            }
            Type::String | Type::Str => {
                // SAFETY: a text's slot is its address and length; the cell owns it until it is freed.
                let bytes = unsafe { items::<u8>(slot) };
                return Ok(string(env, &String::from_utf8_lossy(bytes)));
            }
            Type::Option { inner } => {
                // SAFETY: none is an address of 0, else that of one slot.
                match unsafe { (slot.a as *const Slot).as_ref() } {
                    Some(slot) => return self.value(inner, *slot),
                    // SAFETY: as above.
                    None => check(unsafe { sys::napi_get_null(env, &mut value) })?,
                }
            }
            Type::Tuple { elements } => {
                // SAFETY: a tuple's slot is the address of one slot for each element.
                let slots = unsafe { items::<Slot>(slot) };
                return self.array(elements.iter().zip(slots.iter().copied()));
            }
            Type::Vec { element } => {
                if let Some(number) = ty.array_element() {
                    return copy_out(env, number, slot);
                }
                // SAFETY: other vectors are slots.
                let slots = unsafe { items::<Slot>(slot) };
                return self.array(slots.iter().map(|slot| (&**element, *slot)));
            }
            // The parser refuses slices in results.
            // SAFETY: as above.
            Type::Slice { .. } => check(unsafe { sys::napi_get_undefined(env, &mut value) })?,
        }
        Ok(value)
    }

    fn array<'a>(&self, values: impl ExactSizeIterator<Item = (&'a Type, Slot)>) -> Value {
        let mut array = null_mut();
        // SAFETY: as above.
        check(unsafe { sys::napi_create_array_with_length(self.env, values.len(), &mut array) })?;
        for (index, (ty, slot)) in values.enumerate() {
            let value = self.value(ty, slot)?;
            // SAFETY: both are values of this environment.
            check(unsafe { sys::napi_set_element(self.env, array, index as u32, value) })?;
        }
        Ok(array)
    }

    fn number(&self, ty: Number, slot: Slot) -> Value {
        let mut value = null_mut();
        let env = self.env;
        let (signed, wide) = (slot.a as i64, (slot.a as u128 | (slot.b as u128) << 64) as i128);
        // SAFETY: as above; two words are given where two are told.
        let status = unsafe {
            match ty {
                Number::I8 | Number::I16 | Number::I32 => {
                    sys::napi_create_int32(env, slot.a as i32, &mut value)
                }
                Number::U8 | Number::U16 | Number::U32 => {
                    sys::napi_create_uint32(env, slot.a as u32, &mut value)
                }
                Number::F32 => sys::napi_create_double(env, f32::from_bits(slot.a as u32) as f64, &mut value),
                Number::F64 => sys::napi_create_double(env, f64::from_bits(slot.a), &mut value),
                Number::Isize => return self.safe(signed as i128),
                Number::Usize => return self.safe(slot.a as i128),
                Number::I64 if self.big_as_number => return self.safe(signed as i128),
                Number::U64 if self.big_as_number => return self.safe(slot.a as i128),
                Number::I128 if self.big_as_number => return self.safe(wide),
                Number::U128 if self.big_as_number => {
                    return self.safe(if wide < 0 { i128::MAX } else { wide })
                }
                Number::I64 => sys::napi_create_bigint_int64(env, signed, &mut value),
                Number::U64 => sys::napi_create_bigint_uint64(env, slot.a, &mut value),
                Number::I128 | Number::U128 => {
                    let negative = ty == Number::I128 && wide < 0;
                    let size = if negative {
                        wide.unsigned_abs()
                    } else {
                        wide as u128
                    };
                    let words = [size as u64, (size >> 64) as u64];
                    sys::napi_create_bigint_words(env, negative.into(), 2, words.as_ptr(), &mut value)
                }
            }
        };
        check(status)?;
        Ok(value)
    }

    /// A whole number that JavaScript's numbers hold exactly, or an error: never a rounded one.
    fn safe(&self, whole: i128) -> Value {
        const SAFE: i128 = 9_007_199_254_740_991;
        if !(-SAFE..=SAFE).contains(&whole) {
            let text = format!(
                "The result {whole} is beyond 2^53 - 1 and would lose digits as a number. Return i64 or u64 and leave out \
                 --int64 number: it comes as a bigint."
            );
            return Err(Failure::Range(text));
        }
        let mut value = null_mut();
        // SAFETY: as above.
        check(unsafe { sys::napi_create_double(self.env, whole as f64, &mut value) })?;
        Ok(value)
    }
}

/// # Safety
/// The slot is the address and length of values that live for the call.
unsafe fn items<'a, T>(slot: Slot) -> &'a [T] {
    if slot.b == 0 {
        return &[];
    }
    // SAFETY: the caller's.
    unsafe { std::slice::from_raw_parts(slot.a as *const T, slot.b as usize) }
}

/// A result's block of numbers as a typed array that owns it.
fn move_out(env: sys::napi_env, element: Number, slot: Slot, free: Free) -> Value {
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

fn copy_out(env: sys::napi_env, element: Number, slot: Slot) -> Value {
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
