//! Numbers, booleans and texts.

use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyBool;
use tandem_cell_host::abi::Slot;
use tandem_cell_host::number::Number;

use crate::arguments::{At, Read, Reader};

impl<'py> Reader<'_, 'py> {
    #[inline]
    pub(super) fn number(&self, value: &Bound<'py, PyAny>, ty: Number, at: At) -> Read {
        let bits = match ty {
            Number::F64 => self.float(value, at)?.to_bits(),
            Number::F32 => u64::from((self.float(value, at)? as f32).to_bits()),
            _ => return self.integer(value, ty, at),
        };
        Ok(Slot { a: bits, b: 0 })
    }

    fn float(&self, value: &Bound<'py, PyAny>, at: At) -> PyResult<f64> {
        // SAFETY: attached, on any object.
        let number = unsafe { ffi::PyFloat_AsDouble(value.as_ptr()) };
        if number != -1.0 {
            return Ok(number);
        }
        match PyErr::take(self.py) {
            None => Ok(number),
            Some(error) if error.is_instance_of::<PyTypeError>(self.py) => {
                Err(self.wrong(value, "a float", at))
            }
            Some(error) => Err(error),
        }
    }

    fn integer(&self, value: &Bound<'py, PyAny>, ty: Number, at: At) -> Read {
        // SAFETY: attached, on any object.
        if unsafe { ffi::PyLong_Check(value.as_ptr()) } == 0 {
            // What counts as an int by `__index__`: numpy's integers do, floats do not.
            // SAFETY: as above.
            let index = unsafe { Bound::from_owned_ptr_or_err(self.py, ffi::PyNumber_Index(value.as_ptr())) };
            return match index {
                Ok(index) => self.integer(&index, ty, at),
                Err(error) if error.is_instance_of::<PyTypeError>(self.py) => {
                    Err(self.wrong(value, &format!("an int ({})", ty.name()), at))
                }
                Err(error) => Err(error),
            };
        }
        let mut overflow = 0;
        // SAFETY: as above, on an int.
        let whole = unsafe { ffi::PyLong_AsLongLongAndOverflow(value.as_ptr(), &mut overflow) };
        if overflow == 0 {
            let (low, high) = limits(ty);
            if whole < low || whole > high {
                return Err(out_of_range(value, ty, at));
            }
            return Ok(Slot {
                a: whole as u64,
                b: if whole < 0 { u64::MAX } else { 0 },
            });
        }
        let wide: Option<Slot> = match ty {
            Number::U64 | Number::Usize => value.extract::<u64>().ok().map(|a| Slot { a, b: 0 }),
            Number::U128 => value.extract::<u128>().ok().map(words),
            Number::I128 => value.extract::<i128>().ok().map(|one| words(one as u128)),
            _ => None,
        };
        wide.ok_or_else(|| out_of_range(value, ty, at))
    }

    pub(super) fn boolean(&self, value: &Bound<'py, PyAny>, at: At) -> Read {
        let truth = match value.cast::<PyBool>() {
            Ok(truth) => truth.is_true(),
            // numpy's is no bool.
            Err(_) if is_numpy_bool(value) => value.is_truthy()?,
            Err(_) => return Err(self.wrong(value, "a bool", at)),
        };
        Ok(Slot {
            a: truth.into(),
            b: 0,
        })
    }

    pub(super) fn text(&mut self, value: &Bound<'py, PyAny>, at: At) -> Read {
        if !super::is_text(value) {
            return Err(self.wrong(value, "a str", at));
        }
        // SAFETY: attached, on a str.
        let bytes =
            unsafe { Bound::from_owned_ptr_or_err(self.py, ffi::PyUnicode_AsUTF8String(value.as_ptr()))? };
        // SAFETY: a bytes object, kept as long as the call.
        let (address, length) = unsafe {
            (
                ffi::PyBytes_AsString(bytes.as_ptr()),
                ffi::PyBytes_Size(bytes.as_ptr()),
            )
        };
        self.keep(&bytes);
        Ok(Slot {
            a: address as u64,
            b: length as u64,
        })
    }

    pub(super) fn character(&self, value: &Bound<'py, PyAny>, at: At) -> Read {
        let text: Option<String> = if super::is_text(value) {
            value.extract().ok()
        } else {
            None
        };
        let mut characters = text.iter().flat_map(|text| text.chars());
        match (characters.next(), characters.next()) {
            (Some(one), None) => Ok(Slot { a: one as u64, b: 0 }),
            _ => Err(self.wrong(value, "a str of one character", at)),
        }
    }
}

fn words(wide: u128) -> Slot {
    Slot {
        a: wide as u64,
        b: (wide >> 64) as u64,
    }
}

fn is_numpy_bool(value: &Bound<'_, PyAny>) -> bool {
    let ty = value.get_type();
    let module = ty.module().map(|module| module == "numpy");
    module.unwrap_or(false) && ty.name().is_ok_and(|name| name == "bool" || name == "bool_")
}

/// Of the type, as far as 64 bits with a sign go.
fn limits(ty: Number) -> (i64, i64) {
    match ty {
        Number::I8 => (i8::MIN.into(), i8::MAX.into()),
        Number::I16 => (i16::MIN.into(), i16::MAX.into()),
        Number::I32 => (i32::MIN.into(), i32::MAX.into()),
        Number::U8 => (0, u8::MAX.into()),
        Number::U16 => (0, u16::MAX.into()),
        Number::U32 => (0, u32::MAX.into()),
        Number::Isize => (isize::MIN as i64, isize::MAX as i64),
        Number::U64 | Number::U128 | Number::Usize => (0, i64::MAX),
        _ => (i64::MIN, i64::MAX),
    }
}

#[cold]
fn out_of_range(value: &Bound<'_, PyAny>, ty: Number, at: At) -> PyErr {
    let range = match ty {
        Number::I8 => "-128 to 127",
        Number::I16 => "-32,768 to 32,767",
        Number::I32 => "-2,147,483,648 to 2,147,483,647",
        Number::U8 => "0 to 255",
        Number::U16 => "0 to 65,535",
        Number::U32 => "0 to 4,294,967,295",
        Number::I64 | Number::Isize => "-2**63 to 2**63 - 1",
        Number::U64 | Number::Usize => "0 to 2**64 - 1",
        Number::I128 => "-2**127 to 2**127 - 1",
        _ => "0 to 2**128 - 1",
    };
    // Python itself refuses to write ints of many thousand digits.
    let text = value.repr().map_or("it".into(), |text| text.to_string());
    let found = if text.len() > 60 { "it" } else { &text };
    PyOverflowError::new_err(format!(
        "{}: {found} is out of the range of {} ({range})",
        at(),
        ty.name()
    ))
}
