//! Typed arrays, lent or copied, and arrays of anything.

use std::ptr::null_mut;

use napi::sys;
use tandem_cell_host::abi::Slot;
use tandem_cell_host::number::Number;
use tandem_cell_host::types::Type;

use crate::arguments::array_kinds::{array_name, holds};
use crate::arguments::lent::Range;
use crate::arguments::{Arena, Lend, Reader};
use crate::failure::{check, Failure};
use crate::functions::CellFunction;

impl Reader<'_> {
    /// A typed array, in place or copied as this call needs.
    pub(super) fn slice(
        &mut self,
        value: sys::napi_value,
        element: Number,
        mutable: bool,
        index: usize,
        at: &dyn Fn() -> String,
    ) -> Result<Slot, Failure> {
        let slot = self.array(value, element, at)?;
        let bytes = slot.b as usize * element.array_width().unwrap_or(1);
        if bytes > 0 {
            let start = slot.a as usize;
            self.lent.note(Range {
                start,
                end: start + bytes,
                mutable,
                index,
            });
        }
        if self.lend == Lend::InPlace {
            return Ok(slot);
        }
        let copy = self.array_copy(value, element, at)?;
        if mutable {
            self.arena.written.push((index, copy));
        }
        Ok(copy)
    }

    /// A copy of a typed array, kept by the arena.
    pub(super) fn array_copy(
        &mut self,
        value: sys::napi_value,
        element: Number,
        at: &dyn Fn() -> String,
    ) -> Result<Slot, Failure> {
        let slot = self.array(value, element, at)?;
        let bytes = slot.b as usize * element.array_width().unwrap_or(1);
        let mut words = vec![0u64; bytes.div_ceil(8)].into_boxed_slice();
        if bytes > 0 {
            // SAFETY: the array has this many bytes, the copy has room for them, and they are apart.
            unsafe { std::ptr::copy_nonoverlapping(slot.a as *const u8, words.as_mut_ptr().cast(), bytes) };
        }
        Ok(Slot {
            a: self.keep_words(words),
            b: slot.b,
        })
    }

    /// Where a typed array lies: valid until JavaScript runs again.
    pub(super) fn array(
        &self,
        value: sys::napi_value,
        element: Number,
        at: &dyn Fn() -> String,
    ) -> Result<Slot, Failure> {
        let (mut kind, mut length, mut data, mut buffer) = (0, 0usize, null_mut(), null_mut());
        // SAFETY: all out parameters are locals.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                self.env,
                value,
                &mut kind,
                &mut length,
                &mut data,
                &mut buffer,
                null_mut(),
            )
        };
        let wanted = array_name(element);
        if status != sys::Status::napi_ok || !holds(kind, element) {
            return Err(Failure::Type(format!(
                "{}: a {wanted} is expected, and it is {}.",
                at(),
                self.kind(value)
            )));
        }
        let mut owned = false;
        // SAFETY: `buffer` is a value of this environment. A SharedArrayBuffer is no ArrayBuffer to this question.
        check(unsafe { sys::napi_is_arraybuffer(self.env, buffer, &mut owned) })?;
        if !owned {
            return Err(Failure::Type(format!(
                "{}: the {wanted} lies in a SharedArrayBuffer, and Rust's slices may not be written by other threads \
                 meanwhile. Pass a copy: new {wanted}(array).",
                at()
            )));
        }
        Ok(Slot {
            a: data as u64,
            b: length as u64,
        })
    }

    pub(super) fn tuple(
        &mut self,
        value: sys::napi_value,
        elements: &[Type],
        at: &dyn Fn() -> String,
    ) -> Result<Slot, Failure> {
        self.expect_length(value, elements.len(), at)?;
        let mut slots = Vec::with_capacity(elements.len());
        for (position, ty) in elements.iter().enumerate() {
            let at = || format!("{}[{position}]", at());
            slots.push(self.value(self.element(value, position)?, ty, &at)?);
        }
        Ok(self.keep_slots(slots))
    }

    pub(super) fn expect_length(
        &self,
        value: sys::napi_value,
        wanted: usize,
        at: &dyn Fn() -> String,
    ) -> Result<(), Failure> {
        let length = self.array_length(value, at)?;
        if length == wanted {
            return Ok(());
        }
        Err(wrong_length(wanted, length, at))
    }

    /// A copy of a typed array that must have this many elements.
    pub(super) fn sized_copy(
        &mut self,
        value: sys::napi_value,
        ty: &Type,
        wanted: usize,
        at: &dyn Fn() -> String,
    ) -> Result<Slot, Failure> {
        let Some(number) = ty.array_element() else {
            return Err(wrong_length(wanted, 0, at));
        };
        let slot = self.array_copy(value, number, at)?;
        if slot.b as usize == wanted {
            return Ok(slot);
        }
        Err(wrong_length(wanted, slot.b as usize, at))
    }

    /// A JavaScript array as a vector: one block where its elements are numbers with a typed array, else slots.
    pub(super) fn vector(
        &mut self,
        value: sys::napi_value,
        element: &Type,
        at: &dyn Fn() -> String,
    ) -> Result<Slot, Failure> {
        let length = self.array_length(value, at)?;
        let mut slots = Vec::with_capacity(length);
        for position in 0..length {
            let at = || format!("{}[{position}]", at());
            slots.push(self.value(self.element(value, position)?, element, &at)?);
        }
        let Type::Number { name } = element else {
            return Ok(self.keep_slots(slots));
        };
        let Some(width) = name.array_width() else {
            return Ok(self.keep_slots(slots));
        };
        let mut words = vec![0u64; (length * width).div_ceil(8)].into_boxed_slice();
        for (position, slot) in slots.iter().enumerate() {
            let bytes = slot.a.to_le_bytes();
            // SAFETY: the block has room for `length` elements of `width` bytes; little-endian machines alone are supported.
            unsafe {
                let target = (words.as_mut_ptr() as *mut u8).add(position * width);
                std::ptr::copy_nonoverlapping(bytes.as_ptr(), target, width);
            }
        }
        Ok(Slot {
            a: self.keep_words(words),
            b: length as u64,
        })
    }

    pub(super) fn array_length(
        &self,
        value: sys::napi_value,
        at: &dyn Fn() -> String,
    ) -> Result<usize, Failure> {
        let mut length = 0u32;
        // SAFETY: the length goes to a local.
        match unsafe { sys::napi_get_array_length(self.env, value, &mut length) } {
            sys::Status::napi_ok => Ok(length as usize),
            _ => Err(Failure::Type(format!(
                "{}: an array is expected, and it is {}.",
                at(),
                self.kind(value)
            ))),
        }
    }

    pub(super) fn element(
        &self,
        array: sys::napi_value,
        position: usize,
    ) -> Result<sys::napi_value, Failure> {
        let mut value = null_mut();
        // SAFETY: as above.
        check(unsafe { sys::napi_get_element(self.env, array, position as u32, &mut value) })?;
        Ok(value)
    }

    pub(super) fn is_typed_array(&self, value: sys::napi_value) -> bool {
        let mut is = false;
        // SAFETY: as above.
        unsafe { sys::napi_is_typedarray(self.env, value, &mut is) };
        is
    }
}

/// Writes what a call wrote to the copies of its `&mut` slices into the arrays that they are of.
pub fn write_back(
    env: sys::napi_env,
    function: &CellFunction,
    values: &[sys::napi_value],
    arena: &Arena,
) -> Result<(), Failure> {
    for &(index, copy) in &arena.written {
        let (mut kind, mut length, mut data) = (0, 0usize, null_mut());
        // SAFETY: the value is one of the call's own, still alive; results go to locals.
        check(unsafe {
            sys::napi_get_typedarray_info(
                env,
                values[index],
                &mut kind,
                &mut length,
                &mut data,
                null_mut(),
                null_mut(),
            )
        })?;
        let parameter = &function.loaded.signature.parameters[index];
        let width = match parameter.ty {
            Type::Slice { element, .. } => element.array_width().unwrap_or(1),
            _ => continue,
        };
        if length as u64 != copy.b {
            return Err(Failure::Error {
                code: "RUST_DETACHED",
                text: format!(
                    "{}: {} was detached or resized while the call ran, so what Rust wrote to it is lost. Leave the array \
                     alone until the call returns.",
                    function.loaded.signature.name, parameter.name
                ),
            });
        }
        if length > 0 {
            // SAFETY: both have this many elements of this width, and are apart.
            unsafe { std::ptr::copy_nonoverlapping(copy.a as *const u8, data.cast(), length * width) };
        }
    }
    Ok(())
}

fn wrong_length(wanted: usize, length: usize, at: &dyn Fn() -> String) -> Failure {
    Failure::Type(format!(
        "{}: {wanted} elements are expected, and there are {length}.",
        at()
    ))
}
