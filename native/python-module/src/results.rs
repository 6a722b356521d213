//! Slots as Python values, by their types.

use pyo3::exceptions::{PyRecursionError, PyRuntimeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyList, PySet, PyString, PyTuple, PyType};
use tandem_cell_host::abi::Slot;
use tandem_cell_host::exports::{Field, Shape, Thrown, VariantFields};
use tandem_cell_host::number::Number;
use tandem_cell_host::types::Type;

use crate::failure::RustError;
use crate::functions::{Cell, CellFunction};
use crate::{blocks, instances};

type Value<'py> = PyResult<Bound<'py, PyAny>>;

/// Deeper results would not fit the stack.
const DEEPEST: usize = 1_000;

/// A call's result, which is freed. `made`: the class of the instance that a constructor gives.
pub fn take<'py>(
    py: Python<'py>,
    function: &'static CellFunction,
    mut slot: Slot,
    made: Option<&Bound<'py, PyType>>,
) -> Value<'py> {
    let returns = &function.loaded.signature.returns;
    if let Some(number) = returns.array_element().filter(|number| *number != Number::U8) {
        return blocks::make(py, number, slot, function.loaded.free_function());
    }
    let mut writer = Writer {
        py,
        cell: function.cell,
        made,
        depth: 0,
    };
    let value = writer.value(returns, &mut slot);
    if function.frees {
        // SAFETY: a result of this function, read, and not used again; instances that were taken over were emptied.
        unsafe { function.loaded.free(slot) };
    }
    value
}

/// The exception of an `Err` that is a value of the cells' own.
pub fn thrown(py: Python<'_>, function: &'static CellFunction, pair: Slot) -> PyErr {
    let Some(Thrown::Data { value: ty }) = &function.loaded.signature.error else {
        return RustError::new_err("an error without a type");
    };
    let text = Type::Tuple {
        elements: vec![Type::String, ty.clone()],
    };
    let mut place = pair;
    let read = Writer::new(py, function.cell).value(&text, &mut place);
    // SAFETY: the slot of a thrown error of this function, read, and not used again.
    unsafe { function.loaded.free_error(pair) };
    let made = read.and_then(|pair| {
        let text = pair.get_item(0)?;
        let value = pair.get_item(1)?;
        if value.is_instance_of::<RustError>() {
            // Its message is what Rust says of it.
            value.setattr("args", (text,))?;
            return Ok(PyErr::from_value(value));
        }
        let error = RustError::new_err(text.unbind());
        error.value(py).setattr("value", value)?;
        Ok(error)
    });
    made.unwrap_or_else(|error| error)
}

/// Makes Python values of slots.
pub struct Writer<'a, 'py> {
    py: Python<'py>,
    cell: &'static Cell,
    made: Option<&'a Bound<'py, PyType>>,
    depth: usize,
}

impl<'py> Writer<'_, 'py> {
    pub fn new(py: Python<'py>, cell: &'static Cell) -> Self {
        Writer {
            py,
            cell,
            made: None,
            depth: 0,
        }
    }

    /// The value of a slot. Instances are taken over: their slot is emptied, so that what frees the rest leaves them.
    pub fn value(&mut self, ty: &Type, place: &mut Slot) -> Value<'py> {
        let (py, slot) = (self.py, *place);
        Ok(match ty {
            Type::Number { name } => return self.number(*name, slot),
            Type::Unit => py.None().into_bound(py),
            Type::Bool => PyBool::new(py, slot.a != 0).to_owned().into_any(),
            Type::Char => {
                let character = char::from_u32(slot.a as u32).unwrap_or(char::REPLACEMENT_CHARACTER);
                PyString::new(py, character.encode_utf8(&mut [0; 4])).into_any()
            }
            Type::String | Type::Str => {
                // SAFETY: a text's slot is its address and length; the cell owns it until it is freed.
                let bytes = unsafe { items::<u8>(slot) };
                PyString::new(py, &String::from_utf8_lossy(bytes)).into_any()
            }
            // SAFETY: none is an address of 0, else that of one slot.
            Type::Option { inner } => match unsafe { (slot.a as *mut Slot).as_mut() } {
                Some(slot) => return self.value(inner, slot),
                None => py.None().into_bound(py),
            },
            Type::Tuple { elements } => {
                // SAFETY: a tuple's slot is the address of one slot for each element.
                let slots = unsafe { items_mut::<Slot>(slot) };
                PyTuple::new(py, self.each(elements.iter().zip(slots))?)?.into_any()
            }
            Type::Vec { element } | Type::Array { element, .. } => match ty.array_element() {
                Some(Number::U8) => {
                    // SAFETY: a block of bytes, which the cell owns until it is freed.
                    PyBytes::new(py, unsafe { items::<u8>(slot) }).into_any()
                }
                Some(number) => return blocks::copy(py, number, slot),
                None => PyList::new(py, self.all(element, slot)?)?.into_any(),
            },
            // What a callback gets.
            Type::Slice { element, .. } => return blocks::copy(py, *element, slot),
            Type::Set { element, .. } => PySet::new(py, self.all(element, slot)?)?.into_any(),
            Type::Map { key, value, .. } => {
                let dict = PyDict::new(py);
                // SAFETY: a map's slot is the address of its pairs' slots, each the address of two.
                for pair in unsafe { items_mut::<Slot>(slot) } {
                    // SAFETY: as above.
                    if let [one, item] = unsafe { items_mut::<Slot>(*pair) } {
                        dict.set_item(self.value(key, one)?, self.value(value, item)?)?;
                    }
                }
                dict.into_any()
            }
            Type::Boxed { inner } | Type::Ref { inner } => return self.value(inner, place),
            Type::Data { path, .. } => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err(PyRecursionError::new_err(format!(
                        "the result, a {}, is nested deeper than {DEEPEST} levels",
                        ty.shown()
                    )));
                }
                let value = self.data(path, place);
                self.depth -= 1;
                return value;
            }
            Type::Instance { path, .. } => {
                let (Some(class), Some(known)) =
                    (self.cell.types.classes.get(path), self.cell.makers.get(path))
                else {
                    return Err(unknown(path));
                };
                let ty = self.made.take().cloned().or_else(|| known.class(py).cloned());
                let ty = ty.ok_or_else(|| unknown(path))?;
                // The object owns it from here on.
                place.a = 0;
                return instances::make(&ty, class, slot.a);
            }
            // The parser refuses these in results.
            Type::Dyn { .. } | Type::Impl { .. } | Type::Callback(_) | Type::Lazy { .. } => {
                py.None().into_bound(py)
            }
        })
    }

    fn each<'t>(
        &mut self,
        values: impl Iterator<Item = (&'t Type, &'t mut Slot)>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        values.map(|(ty, slot)| self.value(ty, slot)).collect()
    }

    fn all(&mut self, element: &Type, slot: Slot) -> PyResult<Vec<Bound<'py, PyAny>>> {
        // SAFETY: vectors and sets are slots.
        let slots = unsafe { items_mut::<Slot>(slot) };
        self.each(slots.iter_mut().map(|slot| (element, slot)))
    }

    /// A struct, or an enum's variant, as an object of the class that Python has for it.
    fn data(&mut self, path: &str, place: &mut Slot) -> Value<'py> {
        let (py, cell) = (self.py, self.cell);
        let (Some(definition), Some(known)) = (cell.types.definitions.get(path), cell.makers.get(path))
        else {
            return Err(unknown(path));
        };
        let all: &mut [Slot] = match &definition.shape {
            Shape::Tuple { elements } if elements.len() == 1 => return self.value(&elements[0], place),
            // SAFETY: data's slot is the address of its slots.
            _ => unsafe { items_mut::<Slot>(*place) },
        };
        let (position, values) = match &definition.shape {
            Shape::Struct { fields } => (0, self.fields(fields, all)?),
            Shape::Tuple { elements } => {
                return Ok(PyTuple::new(py, self.each(elements.iter().zip(all))?)?.into_any());
            }
            Shape::Enum { variants } => {
                let Some((tag, held)) = all.split_first_mut() else {
                    return Err(unknown(path));
                };
                let Some(variant) = variants.get(tag.a as usize) else {
                    return Err(unknown(path));
                };
                let values = match &variant.fields {
                    VariantFields::Unit => Vec::new(),
                    VariantFields::Named { fields } => self.fields(fields, held)?,
                    VariantFields::Tuple { elements } => {
                        let values = self.each(elements.iter().zip(held))?;
                        match values.len() {
                            1 => values,
                            _ => vec![PyTuple::new(py, values)?.into_any()],
                        }
                    }
                };
                (tag.a as usize, values)
            }
            Shape::Class { .. } | Shape::Lazy { .. } => return Err(unknown(path)),
        };
        let object = known.object(py, position).ok_or_else(|| unknown(path))?;
        if object.is_instance_of::<PyType>() {
            return object.call1(PyTuple::new(py, values)?);
        }
        Ok(object.clone())
    }

    fn fields(&mut self, fields: &[Field], slots: &mut [Slot]) -> PyResult<Vec<Bound<'py, PyAny>>> {
        self.each(fields.iter().map(|field| &field.ty).zip(slots))
    }

    #[inline]
    fn number(&self, ty: Number, slot: Slot) -> Value<'py> {
        let py = self.py;
        // SAFETY: attached.
        let made = unsafe {
            match ty {
                Number::F32 => return Ok(PyFloat::new(py, f32::from_bits(slot.a as u32).into()).into_any()),
                Number::F64 => return Ok(PyFloat::new(py, f64::from_bits(slot.a)).into_any()),
                Number::I128 => {
                    let wide = (u128::from(slot.a) | u128::from(slot.b) << 64) as i128;
                    return Ok(wide.into_pyobject(py)?.into_any());
                }
                Number::U128 => {
                    let wide = u128::from(slot.a) | u128::from(slot.b) << 64;
                    return Ok(wide.into_pyobject(py)?.into_any());
                }
                Number::I8 | Number::I16 | Number::I32 => ffi::PyLong_FromLongLong((slot.a as i32).into()),
                Number::I64 | Number::Isize => ffi::PyLong_FromLongLong(slot.a as i64),
                Number::U8 | Number::U16 | Number::U32 => {
                    ffi::PyLong_FromUnsignedLongLong((slot.a as u32).into())
                }
                Number::U64 | Number::Usize => ffi::PyLong_FromUnsignedLongLong(slot.a),
            }
        };
        // SAFETY: a new reference, or null with an exception.
        unsafe { Bound::from_owned_ptr_or_err(py, made) }
    }
}

fn unknown(path: &str) -> PyErr {
    PyRuntimeError::new_err(format!("the type {path} is not known here"))
}

/// # Safety
/// As `items`, and nothing else refers to the values meanwhile.
unsafe fn items_mut<'a, T>(slot: Slot) -> &'a mut [T] {
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
