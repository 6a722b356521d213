//! Numbers and booleans: checked by range, never wrapped.

use napi::sys;
use tandem_cell_host::abi::Slot;
use tandem_cell_host::number::Number;

use crate::arguments::Reader;
use crate::failure::Failure;

impl Reader<'_> {
    pub(super) fn number(
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
    pub(super) fn big_integer(
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

    pub(super) fn boolean(&self, value: sys::napi_value, at: &dyn Fn() -> String) -> Result<Slot, Failure> {
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
}

/// Up to here a double tells each whole number from the next: 2^53 - 1.
pub const SAFE: f64 = 9_007_199_254_740_991.0;

/// The least and the most that a double may be to become this integer; `None` for floats, which take any.
pub fn range(ty: Number) -> Option<(f64, f64)> {
    Some(match ty {
        Number::I8 => (i8::MIN as f64, i8::MAX as f64),
        Number::I16 => (i16::MIN as f64, i16::MAX as f64),
        Number::I32 => (i32::MIN as f64, i32::MAX as f64),
        Number::U8 => (0.0, u8::MAX as f64),
        Number::U16 => (0.0, u16::MAX as f64),
        Number::U32 => (0.0, u32::MAX as f64),
        Number::I64 | Number::I128 | Number::Isize => (-SAFE, SAFE),
        Number::U64 | Number::U128 | Number::Usize => (0.0, SAFE),
        Number::F32 | Number::F64 => return None,
    })
}

/// A number as a slot, where the type can hold it exactly; f32 is rounded, as an assignment to a Float32Array is.
fn from_double(value: f64, ty: Number) -> Option<Slot> {
    let Some((low, high)) = range(ty) else {
        let a = match ty {
            Number::F32 => (value as f32).to_bits() as u64,
            _ => value.to_bits(),
        };
        return Some(Slot { a, b: 0 });
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
