//! The types that cross between a cell and its host.

use serde::{Deserialize, Serialize};

use crate::exports::Source;
use crate::number::Number;

/// A type in an argument or a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Type {
    Unit,
    Bool,
    Char,
    Number {
        name: Number,
    },
    String,
    /// In arguments borrowed from the host; in results `&'static str`.
    Str,
    /// A slice of numbers, lent by the host where it lies. Arguments only.
    Slice {
        element: Number,
        mutable: bool,
    },
    Vec {
        element: Box<Type>,
    },
    Array {
        element: Box<Type>,
        length: usize,
    },
    Option {
        inner: Box<Type>,
    },
    Tuple {
        elements: Vec<Type>,
    },
    Map {
        key: Box<Type>,
        value: Box<Type>,
        sorted: bool,
    },
    Set {
        element: Box<Type>,
        sorted: bool,
    },
    Boxed {
        inner: Box<Type>,
    },
    /// `&T` of a type that the host hands over by value. Arguments only.
    Ref {
        inner: Box<Type>,
    },
    /// A struct or an enum that crosses by value: an object.
    Data {
        name: String,
        path: String,
    },
    /// A struct that stays in Rust: the host holds a handle to it.
    Instance {
        name: String,
        path: String,
        access: Access,
    },
    /// `&dyn Trait`: an instance of any class that implements it. Arguments only.
    Dyn {
        name: String,
        path: String,
        access: Access,
    },
    /// `impl Trait`: an instance of one of the classes that were there when the cell was compiled. Arguments only.
    Impl {
        name: String,
        path: String,
        access: Access,
        /// Their paths: the position is what tells the shim which one comes.
        implementors: Vec<String>,
    },
    /// A function of the notebook. Arguments only.
    Callback(Box<Callback>),
    /// An iterator or a receiver. Results only, and only until the cell was read: then it is an instance of a type of its own.
    Lazy {
        item: Box<Type>,
        send: bool,
        source: Source,
    },
}

/// `impl Fn(A) -> R` and its kin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Callback {
    /// What Rust passes to it.
    pub parameters: Vec<Type>,
    /// What it answers; the `Ok` where it is fallible.
    pub returns: Type,
    /// It returns a `Result`: what the function throws is its `Err`.
    pub fallible: bool,
    pub held: Held,
    /// Its bounds let Rust's threads call it.
    pub threads: bool,
}

/// How a parameter takes a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Held {
    /// `impl Fn`
    Value,
    /// `&dyn Fn`
    Ref,
    /// `&mut dyn FnMut`
    Mut,
    Box,
    Arc,
    Rc,
}

/// How a function takes an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Access {
    /// `&T`
    Shared,
    /// `&mut T`
    Mutable,
    /// `T`: the host's handle is empty afterwards.
    Owned,
}

impl Type {
    /// The element of a `Vec` or an array that crosses as one block of memory.
    pub fn array_element(&self) -> Option<Number> {
        match self {
            Type::Vec { element } | Type::Array { element, .. } => match **element {
                Type::Number { name } if name.array_width().is_some() => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// The type as Rust source, by full paths, as it is made from a slot: without the borrow of `Ref`.
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
            Type::Array { element, length } => format!("[{}; {length}]", element.rust()),
            Type::Option { inner } => format!("::std::option::Option<{}>", inner.rust()),
            Type::Tuple { elements } => {
                let list: Vec<String> = elements.iter().map(Type::rust).collect();
                format!("({},)", list.join(", "))
            }
            Type::Map { key, value, sorted } => {
                let name = if *sorted { "BTreeMap" } else { "HashMap" };
                format!("::std::collections::{name}<{}, {}>", key.rust(), value.rust())
            }
            Type::Set { element, sorted } => {
                let name = if *sorted { "BTreeSet" } else { "HashSet" };
                format!("::std::collections::{name}<{}>", element.rust())
            }
            Type::Boxed { inner } => format!("::std::boxed::Box<{}>", inner.rust()),
            Type::Ref { inner } => inner.rust(),
            Type::Data { path, .. } => path.clone(),
            Type::Instance { path, access, .. } => format!("{}{path}", access.sigil()),
            Type::Dyn { path, access, .. } => format!("{}dyn {path}", access.sigil()),
            Type::Impl { path, access, .. } => format!("{}impl {path}", access.sigil()),
            Type::Callback(_) => "::tandem::abi::Callback".into(),
            Type::Lazy { .. } => "()".into(),
        }
    }

    /// The type as a reader of the cell writes it, for messages.
    pub fn shown(&self) -> String {
        match self {
            Type::Ref { inner } => format!("&{}", inner.shown()),
            Type::Data { name, .. } => name.clone(),
            Type::Instance { name, access, .. } => format!("{}{name}", access.sigil()),
            Type::Dyn { name, access, .. } => format!("{}dyn {name}", access.sigil()),
            Type::Impl { name, access, .. } => format!("{}impl {name}", access.sigil()),
            Type::Vec { element } => format!("Vec<{}>", element.shown()),
            Type::Array { element, length } => format!("[{}; {length}]", element.shown()),
            Type::Option { inner } => format!("Option<{}>", inner.shown()),
            Type::Boxed { inner } => format!("Box<{}>", inner.shown()),
            Type::Tuple { elements } => {
                let list: Vec<String> = elements.iter().map(Type::shown).collect();
                format!("({})", list.join(", "))
            }
            Type::Map { key, value, sorted } => {
                let name = if *sorted { "BTreeMap" } else { "HashMap" };
                format!("{name}<{}, {}>", key.shown(), value.shown())
            }
            Type::Set { element, sorted } => {
                format!(
                    "{}<{}>",
                    if *sorted { "BTreeSet" } else { "HashSet" },
                    element.shown()
                )
            }
            Type::String => "String".into(),
            Type::Callback(_) => "function".into(),
            plain => plain.rust(),
        }
    }

    /// Calls `visit` for this type and all types in it.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Type)) {
        visit(self);
        match self {
            Type::Vec { element }
            | Type::Array { element, .. }
            | Type::Set { element, .. }
            | Type::Lazy { item: element, .. } => element.walk(visit),
            Type::Option { inner } | Type::Boxed { inner } | Type::Ref { inner } => inner.walk(visit),
            Type::Tuple { elements } => elements.iter().for_each(|element| element.walk(visit)),
            Type::Map { key, value, .. } => {
                key.walk(visit);
                value.walk(visit);
            }
            Type::Callback(callback) => {
                callback.parameters.iter().for_each(|one| one.walk(visit));
                callback.returns.walk(visit);
            }
            _ => {}
        }
    }

    /// How it takes a function of the notebook, where it is one.
    pub fn callback(&self) -> Option<&Callback> {
        match self {
            Type::Callback(callback) => Some(callback),
            _ => None,
        }
    }
}

impl Access {
    pub fn sigil(self) -> &'static str {
        match self {
            Access::Shared => "&",
            Access::Mutable => "&mut ",
            Access::Owned => "",
        }
    }
}
