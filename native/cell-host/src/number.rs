//! Rust's numbers.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Number {
    I8,
    I16,
    I32,
    I64,
    I128,
    Isize,
    U8,
    U16,
    U32,
    U64,
    U128,
    Usize,
    F32,
    F64,
}

impl Number {
    pub const ALL: [Number; 14] = [
        Number::I8,
        Number::I16,
        Number::I32,
        Number::I64,
        Number::I128,
        Number::Isize,
        Number::U8,
        Number::U16,
        Number::U32,
        Number::U64,
        Number::U128,
        Number::Usize,
        Number::F32,
        Number::F64,
    ];

    /// The name in Rust.
    pub fn name(self) -> &'static str {
        match self {
            Number::I8 => "i8",
            Number::I16 => "i16",
            Number::I32 => "i32",
            Number::I64 => "i64",
            Number::I128 => "i128",
            Number::Isize => "isize",
            Number::U8 => "u8",
            Number::U16 => "u16",
            Number::U32 => "u32",
            Number::U64 => "u64",
            Number::U128 => "u128",
            Number::Usize => "usize",
            Number::F32 => "f32",
            Number::F64 => "f64",
        }
    }

    pub fn from_name(name: &str) -> Option<Number> {
        Number::ALL.into_iter().find(|number| number.name() == name)
    }

    /// Bytes of one element where arrays of it are typed arrays in the host; the others have no such array.
    pub fn array_width(self) -> Option<usize> {
        match self {
            Number::I8 | Number::U8 => Some(1),
            Number::I16 | Number::U16 => Some(2),
            Number::I32 | Number::U32 | Number::F32 => Some(4),
            Number::I64 | Number::U64 | Number::F64 => Some(8),
            Number::I128 | Number::U128 | Number::Isize | Number::Usize => None,
        }
    }
}
