//! JavaScript values as argument slots: checked by the parameter's type, never wrapped, arrays lent where they lie.

use std::ptr::null_mut;

use napi::sys;
use tandem_cell_host::abi::Slot;
use tandem_cell_host::types::{Number, Type};

use crate::failure::{check, Failure};
use crate::functions::CellFunction;

/// What lives as long as a call: copies of texts and arrays, slots of nested values.
#[derive(Default)]
pub struct Arena {
    slots: Vec<Box<[Slot]>>,
    /// Words, so that any number's alignment is met.
    words: Vec<Box<[u64]>>,
}

/// Whether slices point into the JavaScript arrays themselves.
#[derive(Clone, Copy, PartialEq)]
pub enum Lend {
    InPlace,
    /// For calls on another thread: JavaScript goes on running and may write or detach them.
    Copy,
}

struct Reader<'a> {
    env: sys::napi_env,
    arena: &'a mut Arena,
    lend: Lend,
    /// Lent ranges: start, end, mutable, the parameter's index.
    lent: Vec<(usize, usize, bool, usize)>,
}

/// Fills a slot for each parameter.
pub fn read(
    env: sys::napi_env,
    function: &CellFunction,
    values: &[sys::napi_value],
    count: usize,
    lend: Lend,
    arena: &mut Arena,
    slots: &mut [Slot],
) -> Result<(), Failure> {
    let signature = &function.loaded.signature;
    let wanted = signature.parameters.len();
    if count > wanted {
        let plural = if wanted == 1 { "" } else { "s" };
        return Err(Failure::Type(format!(
            "{} takes {wanted} argument{plural}, and got {count}.",
            signature.name
        )));
    }
    let mut reader = Reader {
        env,
        arena,
        lend,
        lent: Vec::new(),
    };
    // Getters of an array's elements are the user's code and may detach a buffer: arrays are lent after all of it ran.
    for lending in [false, true] {
        for (index, parameter) in signature.parameters.iter().enumerate() {
            let value = if index < count { values[index] } else { null_mut() };
            if reader.lends(value, &parameter.ty) != lending {
                continue;
            }
            let at = || format!("{}: {}", signature.name, parameter.name);
            if value.is_null() && !matches!(parameter.ty, Type::Option { .. }) {
                return Err(Failure::Type(format!(
                    "{} is missing; it is a {}.",
                    at(),
                    parameter.ty.rust()
                )));
            }
            slots[index] = reader.parameter(value, &parameter.ty, index, &at)?;
        }
    }
    reader.refuse_overlaps(function)
}

impl Reader<'_> {
    /// Whether the argument is a typed array that is lent where it lies.
    fn lends(&self, value: sys::napi_value, ty: &Type) -> bool {
        match ty {
            Type::Slice { .. } => true,
            Type::Vec { .. } => ty.array_element().is_some() && self.is_typed_array(value),
            _ => false,
        }
    }

    /// The slot of parameter `index`.
    fn parameter(
        &mut self,
        value: sys::napi_value,
        ty: &Type,
        index: usize,
        at: &dyn Fn() -> String,
    ) -> Result<Slot, Failure> {
        match ty {
            Type::Slice { element, mutable } => self.slice(value, *element, *mutable, index, at),
            Type::Vec { .. } => match ty.array_element() {
                Some(number) if self.is_typed_array(value) => self.slice(value, number, false, index, at),
                _ => self.value(value, ty, at),
            },
            _ => self.value(value, ty, at),
        }
    }

    /// The slot of a value that is copied: nothing in it points into JavaScript's memory.
    fn value(&mut self, value: sys::napi_value, ty: &Type, at: &dyn Fn() -> String) -> Result<Slot, Failure> {
        match ty {
            Type::Number { name } => self.number(value, *name, at),
            Type::Bool => self.boolean(value, at),
            // The parser takes slices as parameters only.
            Type::Slice { element, .. } => self.array_copy(value, *element, at),
            Type::Str | Type::String => self.text(value, at),
            Type::Char => self.character(value, at),
            Type::Unit => Ok(Slot::default()),
            Type::Option { inner } => {
                if value.is_null() || self.is_nothing(value) {
                    return Ok(Slot::default());
                }
                let slot = self.value(value, inner, at)?;
                Ok(Slot {
                    a: self.keep_slots(vec![slot]).a,
                    b: 1,
                })
            }
            Type::Tuple { elements } => self.tuple(value, elements, at),
            Type::Vec { element } => match ty.array_element() {
                Some(number) if self.is_typed_array(value) => self.array_copy(value, number, at),
                _ => self.vector(value, element, at),
            },
        }
    }

    fn number(
        &mut self,
        value: sys::napi_value,
        ty: Number,
        at: &dyn Fn() -> String,
    ) -> Result<Slot, Failure> {
        let mut double = 0f64;
        // SAFETY: a value of this environment; the number goes to a local.
        let status = unsafe { sys::napi_get_value_double(self.env, value, &mut double) };
        if status == sys::Status::napi_ok {
            return from_double(double, ty).ok_or_else(|| out_of_range(ty, &double.to_string(), at));
        }
        if let Some(slot) = self.big_integer(value, ty, at)? {
            return Ok(slot);
        }
        let wanted = if is_big(ty) {
            "a bigint, or a number that is a safe integer"
        } else {
            "a number"
        };
        Err(Failure::Type(format!(
            "{} is {}: {wanted} is expected, and it is {}.",
            at(),
            article(ty),
            self.kind(value)
        )))
    }

    /// A bigint as a 64- or 128-bit integer; none where the value or the type is no such.
    fn big_integer(
        &self,
        value: sys::napi_value,
        ty: Number,
        at: &dyn Fn() -> String,
    ) -> Result<Option<Slot>, Failure> {
        if !is_big(ty) {
            return Ok(None);
        }
        let (mut sign, mut count, mut words) = (0, 3usize, [0u64; 3]);
        // SAFETY: room for `count` words.
        let status = unsafe {
            sys::napi_get_value_bigint_words(self.env, value, &mut sign, &mut count, words.as_mut_ptr())
        };
        if status != sys::Status::napi_ok {
            return Ok(None);
        }
        let size = words[0] as u128 | (words[1] as u128) << 64;
        let negative = sign != 0;
        let fits = count <= 2
            && match (ty, negative) {
                (Number::U64, false) => size <= u64::MAX as u128,
                (Number::U128, false) => true,
                (Number::I64, false) => size <= i64::MAX as u128,
                (Number::I64, true) => size <= i64::MIN.unsigned_abs() as u128,
                (Number::I128, false) => size <= i128::MAX as u128,
                (Number::I128, true) => size <= i128::MIN.unsigned_abs(),
                (_, negative) => !negative || size == 0,
            };
        if !fits {
            return Err(out_of_range(ty, "a bigint beyond it", at));
        }
        let bits = if negative { size.wrapping_neg() } else { size };
        Ok(Some(Slot {
            a: bits as u64,
            b: (bits >> 64) as u64,
        }))
    }

    fn boolean(&self, value: sys::napi_value, at: &dyn Fn() -> String) -> Result<Slot, Failure> {
        let mut truth = false;
        // SAFETY: as above.
        match unsafe { sys::napi_get_value_bool(self.env, value, &mut truth) } {
            sys::Status::napi_ok => Ok(Slot {
                a: truth as u64,
                b: 0,
            }),
            _ => Err(Failure::Type(format!(
                "{}: a boolean is expected, and it is {}.",
                at(),
                self.kind(value)
            ))),
        }
    }

    fn text(&mut self, value: sys::napi_value, at: &dyn Fn() -> String) -> Result<Slot, Failure> {
        let mut length = 0usize;
        // SAFETY: without a buffer it gives the length in bytes.
        let status = unsafe { sys::napi_get_value_string_utf8(self.env, value, null_mut(), 0, &mut length) };
        if status != sys::Status::napi_ok {
            return Err(Failure::Type(format!(
                "{}: a string is expected, and it is {}.",
                at(),
                self.kind(value)
            )));
        }
        // Node-API writes a 0 behind the text.
        let mut words = vec![0u64; length / 8 + 1].into_boxed_slice();
        // SAFETY: room for the text and its 0.
        check(unsafe {
            sys::napi_get_value_string_utf8(
                self.env,
                value,
                words.as_mut_ptr().cast(),
                words.len() * 8,
                &mut length,
            )
        })?;
        Ok(Slot {
            a: self.keep_words(words),
            b: length as u64,
        })
    }

    fn character(&mut self, value: sys::napi_value, at: &dyn Fn() -> String) -> Result<Slot, Failure> {
        let slot = self.text(value, at)?;
        // SAFETY: `text` wrote this many bytes of UTF-8 there, kept by the arena.
        let bytes = unsafe { std::slice::from_raw_parts(slot.a as *const u8, slot.b as usize) };
        let text = std::str::from_utf8(bytes).unwrap_or("");
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(one), None) => Ok(Slot { a: one as u64, b: 0 }),
            _ => Err(Failure::Type(format!(
                "{}: one character is expected, and the string is {text:?}.",
                at()
            ))),
        }
    }

    /// A typed array, in place or copied as this call needs.
    fn slice(
        &mut self,
        value: sys::napi_value,
        element: Number,
        mutable: bool,
        index: usize,
        at: &dyn Fn() -> String,
    ) -> Result<Slot, Failure> {
        if self.lend == Lend::Copy {
            return self.array_copy(value, element, at);
        }
        let slot = self.array(value, element, at)?;
        let bytes = slot.b as usize * element.array_width().unwrap_or(1);
        if bytes > 0 {
            let start = slot.a as usize;
            self.lent.push((start, start + bytes, mutable, index));
        }
        Ok(slot)
    }

    /// A copy of a typed array, kept by the arena.
    fn array_copy(
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
    fn array(
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

    fn tuple(
        &mut self,
        value: sys::napi_value,
        elements: &[Type],
        at: &dyn Fn() -> String,
    ) -> Result<Slot, Failure> {
        let length = self.array_length(value, at)?;
        if length != elements.len() {
            let wanted = elements.len();
            return Err(Failure::Type(format!(
                "{}: {wanted} elements are expected, and there are {length}.",
                at()
            )));
        }
        let mut slots = Vec::with_capacity(length);
        for (position, ty) in elements.iter().enumerate() {
            let at = || format!("{}[{position}]", at());
            slots.push(self.value(self.element(value, position)?, ty, &at)?);
        }
        Ok(self.keep_slots(slots))
    }

    /// A JavaScript array as a vector: one block where its elements are numbers with a typed array, else slots.
    fn vector(
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

    fn array_length(&self, value: sys::napi_value, at: &dyn Fn() -> String) -> Result<usize, Failure> {
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

    fn element(&self, array: sys::napi_value, position: usize) -> Result<sys::napi_value, Failure> {
        let mut value = null_mut();
        // SAFETY: as above.
        check(unsafe { sys::napi_get_element(self.env, array, position as u32, &mut value) })?;
        Ok(value)
    }

    fn is_typed_array(&self, value: sys::napi_value) -> bool {
        let mut is = false;
        // SAFETY: as above.
        unsafe { sys::napi_is_typedarray(self.env, value, &mut is) };
        is
    }

    fn is_nothing(&self, value: sys::napi_value) -> bool {
        matches!(
            self.value_type(value),
            sys::ValueType::napi_null | sys::ValueType::napi_undefined
        )
    }

    fn value_type(&self, value: sys::napi_value) -> sys::napi_valuetype {
        let mut kind = sys::ValueType::napi_undefined;
        if !value.is_null() {
            // SAFETY: as above.
            unsafe { sys::napi_typeof(self.env, value, &mut kind) };
        }
        kind
    }

    /// What a value is, for messages.
    fn kind(&self, value: sys::napi_value) -> &'static str {
        match self.value_type(value) {
            sys::ValueType::napi_undefined => "undefined",
            sys::ValueType::napi_null => "null",
            sys::ValueType::napi_boolean => "a boolean",
            sys::ValueType::napi_number => "a number",
            sys::ValueType::napi_string => "a string",
            sys::ValueType::napi_bigint => "a bigint",
            sys::ValueType::napi_function => "a function",
            _ if self.is_typed_array(value) => "another kind of typed array",
            _ => "an object",
        }
    }

    fn keep_slots(&mut self, slots: Vec<Slot>) -> Slot {
        let slots = slots.into_boxed_slice();
        let kept = Slot {
            a: slots.as_ptr() as u64,
            b: slots.len() as u64,
        };
        self.arena.slots.push(slots);
        kept
    }

    fn keep_words(&mut self, words: Box<[u64]>) -> u64 {
        let address = words.as_ptr() as u64;
        self.arena.words.push(words);
        address
    }

    /// Rust promises that a `&mut` slice is the only way to its memory: two arguments in one buffer would break it.
    fn refuse_overlaps(&self, function: &CellFunction) -> Result<(), Failure> {
        for (position, &(start, end, mutable, index)) in self.lent.iter().enumerate() {
            for &(other_start, other_end, other_mutable, other) in &self.lent[..position] {
                if (mutable || other_mutable) && start < other_end && other_start < end {
                    let parameters = &function.loaded.signature.parameters;
                    return Err(Failure::Type(format!(
                        "{}: {} and {} share memory, and one of them is written (&mut). Pass a copy of one: array.slice().",
                        function.loaded.signature.name, parameters[other].name, parameters[index].name
                    )));
                }
            }
        }
        Ok(())
    }
}

/// A number as a slot, where the type can hold it exactly; f32 is rounded, as an assignment to a Float32Array is.
fn from_double(value: f64, ty: Number) -> Option<Slot> {
    const SAFE: f64 = 9_007_199_254_740_991.0;
    let (low, high) = match ty {
        Number::F64 => {
            return Some(Slot {
                a: value.to_bits(),
                b: 0,
            })
        }
        Number::F32 => {
            return Some(Slot {
                a: (value as f32).to_bits() as u64,
                b: 0,
            })
        }
        Number::I8 => (i8::MIN as f64, i8::MAX as f64),
        Number::I16 => (i16::MIN as f64, i16::MAX as f64),
        Number::I32 => (i32::MIN as f64, i32::MAX as f64),
        Number::U8 => (0.0, u8::MAX as f64),
        Number::U16 => (0.0, u16::MAX as f64),
        Number::U32 => (0.0, u32::MAX as f64),
        Number::I64 | Number::I128 | Number::Isize => (-SAFE, SAFE),
        Number::U64 | Number::U128 | Number::Usize => (0.0, SAFE),
    };
    let fits = value >= low && value <= high && value.trunc() == value;
    let whole = value as i64;
    fits.then_some(Slot {
        a: whole as u64,
        b: if whole < 0 { u64::MAX } else { 0 },
    })
}

fn is_big(ty: Number) -> bool {
    matches!(ty, Number::I64 | Number::U64 | Number::I128 | Number::U128)
}

fn article(ty: Number) -> String {
    let an = matches!(
        ty,
        Number::I8
            | Number::I16
            | Number::I32
            | Number::I64
            | Number::I128
            | Number::Isize
            | Number::U8
            | Number::F32
            | Number::F64
    );
    format!("{} {}", if an { "an" } else { "a" }, ty.name())
}

fn out_of_range(ty: Number, found: &str, at: &dyn Fn() -> String) -> Failure {
    let range = match ty {
        Number::I8 => "-128 to 127",
        Number::I16 => "-32,768 to 32,767",
        Number::I32 => "-2,147,483,648 to 2,147,483,647",
        Number::U8 => "0 to 255",
        Number::U16 => "0 to 65,535",
        Number::U32 => "0 to 4,294,967,295",
        Number::I64 => "-2^63 to 2^63 - 1; beyond 2^53 - 1 as a bigint",
        Number::U64 => "0 to 2^64 - 1; beyond 2^53 - 1 as a bigint",
        Number::I128 => "-2^127 to 2^127 - 1; beyond 2^53 - 1 as a bigint",
        Number::U128 => "0 to 2^128 - 1; beyond 2^53 - 1 as a bigint",
        _ => "whole numbers up to 2^53 - 1",
    };
    Failure::Range(format!(
        "{} is {}: {found} is no whole number in its range ({range}).",
        at(),
        article(ty)
    ))
}

/// The typed array whose elements are of this type.
pub fn array_name(element: Number) -> &'static str {
    match element {
        Number::I8 => "Int8Array",
        Number::U8 => "Uint8Array",
        Number::I16 => "Int16Array",
        Number::U16 => "Uint16Array",
        Number::I32 => "Int32Array",
        Number::U32 => "Uint32Array",
        Number::F32 => "Float32Array",
        Number::F64 => "Float64Array",
        Number::I64 => "BigInt64Array",
        Number::U64 => "BigUint64Array",
        _ => "array",
    }
}

/// Node-API's kind of the typed array of this type.
pub fn array_kind(element: Number) -> sys::napi_typedarray_type {
    match element {
        Number::I8 => sys::TypedarrayType::int8_array,
        Number::U8 => sys::TypedarrayType::uint8_array,
        Number::I16 => sys::TypedarrayType::int16_array,
        Number::U16 => sys::TypedarrayType::uint16_array,
        Number::I32 => sys::TypedarrayType::int32_array,
        Number::U32 => sys::TypedarrayType::uint32_array,
        Number::F32 => sys::TypedarrayType::float32_array,
        Number::I64 => sys::TypedarrayType::bigint64_array,
        Number::U64 => sys::TypedarrayType::biguint64_array,
        _ => sys::TypedarrayType::float64_array,
    }
}

fn holds(kind: sys::napi_typedarray_type, element: Number) -> bool {
    kind == array_kind(element) || (element == Number::U8 && kind == sys::TypedarrayType::uint8_clamped_array)
}
