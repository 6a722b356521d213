//! The types that cross between a cell and its host.

use serde::{Deserialize, Serialize};

/// A type in an argument or a result. `Str`, `Slice` occur in arguments only: they are borrowed from the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Type {
    Unit,
    Bool,
    Char,
    Number { name: Number },
    String,
    Str,
    Slice { element: Number, mutable: bool },
    Vec { element: Box<Type> },
    Option { inner: Box<Type> },
    Tuple { elements: Vec<Type> },
}

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

impl Type {
    /// The element of a `Vec` that crosses as one block of memory.
    pub fn array_element(&self) -> Option<Number> {
        match self {
            Type::Vec { element } => match **element {
                Type::Number { name } if name.array_width().is_some() => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// The type as Rust source, by full paths.
    pub fn rust(&self) -> String {
        match self {
            Type::Unit => "()".into(),
            Type::Bool => "bool".into(),
            Type::Char => "char".into(),
            Type::Number { name } => name.name().into(),
            Type::String => "::std::string::String".into(),
            Type::Str => "&str".into(),
            Type::Slice { element, mutable } => {
                format!("&{}[{}]", if *mutable { "mut " } else { "" }, element.name())
            }
            Type::Vec { element } => format!("::std::vec::Vec<{}>", element.rust()),
            Type::Option { inner } => format!("::std::option::Option<{}>", inner.rust()),
            Type::Tuple { elements } => {
                let list: Vec<String> = elements.iter().map(Type::rust).collect();
                format!("({},)", list.join(", "))
            }
        }
    }
}

/// A `pub fn` of a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Function {
    pub name: String,
    /// The doc comment's text, without markers.
    pub doc: String,
    pub parameters: Vec<Parameter>,
    pub returns: Type,
    /// Whether it returns a `Result` whose `Ok` is `returns`.
    pub fallible: bool,
    /// 1-based line in the cell's file.
    pub line: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: String,
    #[serde(rename = "type")]
    pub ty: Type,
}
