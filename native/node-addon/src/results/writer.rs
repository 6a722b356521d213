//! Slots as JavaScript values, by their types.

use std::cell::Cell as CountCell;
use std::ptr::null_mut;

use napi::sys;
use tandem_cell_host::abi::Slot;
use tandem_cell_host::exports::{Definition, Field, Shape, VariantFields};
use tandem_cell_host::number::Number;
use tandem_cell_host::types::Type;

use crate::failure::{check, string, Failure};
use crate::functions::Cell;
use crate::results::blocks::copy_out;
use crate::results::Value;
use crate::{handles, js};

/// Makes JavaScript values of slots.
pub struct Writer {
    env: sys::napi_env,
    cell: &'static Cell,
    depth: CountCell<usize>,
}

/// Deeper results would not fit the stack.
const DEEPEST: usize = 2_000;

impl Writer {
    pub fn new(env: sys::napi_env, cell: &'static Cell) -> Writer {
        Writer {
            env,
            cell,
            depth: CountCell::new(0),
        }
    }

    /// The value of a slot. Instances are taken over: their slot is emptied, so that what frees the rest leaves them.
    pub fn value(&self, ty: &Type, place: &mut Slot) -> Value {
        let slot = *place;
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
                match unsafe { (slot.a as *mut Slot).as_mut() } {
                    Some(slot) => return self.value(inner, slot),
                    // SAFETY: as above.
                    None => check(unsafe { sys::napi_get_null(env, &mut value) })?,
                }
            }
            Type::Tuple { elements } => {
                // SAFETY: a tuple's slot is the address of one slot for each element.
                let slots = unsafe { items_mut::<Slot>(slot) };
                return self.array(elements.iter().zip(slots));
            }
            Type::Vec { element } | Type::Array { element, .. } => {
                if let Some(number) = ty.array_element() {
                    return copy_out(env, number, slot);
                }
                // SAFETY: other vectors are slots.
                let slots = unsafe { items_mut::<Slot>(slot) };
                return self.array(slots.iter_mut().map(|slot| (&**element, slot)));
            }
            Type::Set { element, .. } => {
                // SAFETY: as above.
                let slots = unsafe { items_mut::<Slot>(slot) };
                let list = self.array(slots.iter_mut().map(|slot| (&**element, slot)))?;
                return js::construct(env, c"Set", list);
            }
            Type::Map { key, value, .. } => {
                let pair = Type::Tuple {
                    elements: vec![(**key).clone(), (**value).clone()],
                };
                // SAFETY: a map's slot is the address of its pairs' slots.
                let slots = unsafe { items_mut::<Slot>(slot) };
                let list = self.array(slots.iter_mut().map(|slot| (&pair, slot)))?;
                return js::construct(env, c"Map", list);
            }
            Type::Boxed { inner } | Type::Ref { inner } => return self.value(inner, place),
            Type::Data { path, .. } => return self.data(path, place),
            Type::Instance { path, .. } => {
                let Some(class) = self.cell.types.classes.get(path) else {
                    return Err(unknown(path));
                };
                // The handle owns it from here on.
                place.a = 0;
                return handles::make(env, class, slot.a);
            }
            // What a callback gets.
            Type::Slice { element, .. } => return copy_out(env, *element, slot),
            // The parser refuses these in results.
            Type::Dyn { .. } | Type::Impl { .. } | Type::Callback(_) | Type::Lazy { .. } => {
                // SAFETY: as above.
                check(unsafe { sys::napi_get_undefined(env, &mut value) })?
            }
        }
        Ok(value)
    }

    fn array<'a>(&self, values: impl ExactSizeIterator<Item = (&'a Type, &'a mut Slot)>) -> Value {
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

    /// A struct as an object, an enum's variant as one with its name in `kind`.
    fn data(&self, path: &str, place: &mut Slot) -> Value {
        let Some(definition) = self.cell.types.definitions.get(path) else {
            return Err(unknown(path));
        };
        self.depth.set(self.depth.get() + 1);
        if self.depth.get() > DEEPEST {
            return Err(Failure::Range(format!(
                "The result, a {}, is nested deeper than {DEEPEST} levels.",
                definition.name
            )));
        }
        let value = self.shape(definition, place);
        self.depth.set(self.depth.get() - 1);
        value
    }

    fn shape(&self, definition: &Definition, place: &mut Slot) -> Value {
        let all: &mut [Slot] = match &definition.shape {
            Shape::Tuple { elements } if elements.len() == 1 => return self.value(&elements[0], place),
            // SAFETY: data's slot is the address of its slots.
            _ => unsafe { items_mut::<Slot>(*place) },
        };
        match &definition.shape {
            Shape::Struct { fields } => {
                let object = js::object(self.env)?;
                self.fields(object, fields, all)?;
                Ok(object)
            }
            Shape::Tuple { elements } => self.array(elements.iter().zip(all)),
            Shape::Enum { variants } => {
                let Some((tag, held)) = all.split_first_mut() else {
                    return Err(unknown(&definition.path));
                };
                let Some(variant) = variants.get(tag.a as usize) else {
                    return Err(unknown(&definition.path));
                };
                // Where no variant holds anything, the name alone says it all.
                if variants.iter().all(|one| one.fields == VariantFields::Unit) {
                    return Ok(string(self.env, &variant.name));
                }
                let object = js::object(self.env)?;
                js::set_field(self.env, object, "kind", string(self.env, &variant.name))?;
                match &variant.fields {
                    VariantFields::Unit => {}
                    VariantFields::Named { fields } => self.fields(object, fields, held)?,
                    VariantFields::Tuple { elements } => match (elements.as_slice(), &mut *held) {
                        ([one], [slot]) => js::set_field(self.env, object, "value", self.value(one, slot)?)?,
                        _ => {
                            let list = self.array(elements.iter().zip(held))?;
                            js::set_field(self.env, object, "values", list)?;
                        }
                    },
                }
                Ok(object)
            }
            Shape::Class { .. } | Shape::Lazy { .. } => Err(unknown(&definition.path)),
        }
    }

    fn fields(&self, object: sys::napi_value, fields: &[Field], slots: &mut [Slot]) -> Result<(), Failure> {
        for (field, slot) in fields.iter().zip(slots) {
            js::set_field(self.env, object, &field.name, self.value(&field.ty, slot)?)?;
        }
        Ok(())
    }

    /// An Error named after the type, with the fields of its value beside the message.
    pub fn error(&self, ty: &Type, text: sys::napi_value, value: sys::napi_value) -> Value {
        let mut error = null_mut();
        let code = string(self.env, "RUST_ERR");
        // SAFETY: values of this environment; the result goes to a local.
        check(unsafe { sys::napi_create_error(self.env, code, text, &mut error) })?;
        let mut kind = sys::ValueType::napi_undefined;
        // SAFETY: as above.
        check(unsafe { sys::napi_typeof(self.env, value, &mut kind) })?;
        if kind == sys::ValueType::napi_object {
            js::call_global(self.env, c"Object", c"assign", &[error, value])?;
        } else {
            js::set_field(self.env, error, "value", value)?;
        }
        // A field of this name would hide the text.
        js::set_field(self.env, error, "message", text)?;
        js::set_field(self.env, error, "name", string(self.env, &ty.shown()))?;
        Ok(error)
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
                Number::I64 if self.cell.big_as_number => return self.safe(signed as i128),
                Number::U64 if self.cell.big_as_number => return self.safe(slot.a as i128),
                Number::I128 if self.cell.big_as_number => return self.safe(wide),
                Number::U128 if self.cell.big_as_number => {
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

fn unknown(path: &str) -> Failure {
    Failure::Error {
        code: "RUST_HOST",
        text: format!("The type {path} is not known here."),
    }
}

/// # Safety
/// As `items`, and nothing else refers to the values meanwhile.
pub unsafe fn items_mut<'a, T>(slot: Slot) -> &'a mut [T] {
    if slot.b == 0 {
        return &mut [];
    }
    // SAFETY: the caller's.
    unsafe { std::slice::from_raw_parts_mut(slot.a as *mut T, slot.b as usize) }
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
