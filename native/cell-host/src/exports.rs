//! What a cell exports: the seam between parsing, the shim, the hosts and the declarations.

use serde::{Deserialize, Serialize};

use crate::types::Type;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exports {
    pub functions: Vec<Function>,
    /// The cell's own types first, then those of earlier cells that its functions use.
    pub types: Vec<Definition>,
    pub traits: Vec<TraitDefinition>,
    pub problems: Vec<Problem>,
    /// The pub names of its top level: what later cells can use.
    pub offers: Vec<String>,
    /// Every identifier in the text, sorted: which earlier cells it may use.
    pub used: Vec<String>,
    /// The text is not Rust: the compiler's own message says it best.
    pub broken: bool,
}

/// Something of a cell that the host can call: a function, a method, a constant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Function {
    pub name: String,
    /// The modules of the cell around it, outermost first.
    pub module: Vec<String>,
    pub role: Role,
    /// The type that a method or an associated function belongs to, by `Definition::name`.
    pub owner: Option<String>,
    /// What the shim evaluates, without its arguments: a path to a function, or to a constant or field.
    pub callee: String,
    /// The doc comment's text, without markers.
    pub doc: String,
    /// The receiver of a method is the first.
    pub parameters: Vec<Parameter>,
    pub returns: Type,
    /// What `Err` of a `Result` holds; `returns` is its `Ok`.
    pub error: Option<Thrown>,
    /// An `async fn`.
    #[serde(rename = "async", default)]
    pub is_async: bool,
    /// 1-based line in the cell's file.
    pub line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    Function,
    /// Called on an instance.
    Method,
    /// Called on the type.
    Static,
    /// A pub field that is read.
    Getter,
    /// A pub field that is written.
    Setter,
    /// Read once, when the cell is loaded.
    Constant,
}

/// The `Err` of a fallible function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Thrown {
    /// Its text alone crosses.
    Text,
    /// A struct or an enum of the cells: its fields cross too.
    Data { value: Type },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: String,
    #[serde(rename = "type")]
    pub ty: Type,
}

/// A `pub struct` or `pub enum`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// Its name, with its modules before it: `orders::Order`.
    pub name: String,
    /// Where the shim finds it: `crate::cell::orders::Order`.
    pub path: String,
    pub doc: String,
    /// 1-based line in its cell's file.
    pub line: usize,
    /// It implements Clone.
    pub clone: bool,
    pub shape: Shape,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Shape {
    Struct {
        fields: Vec<Field>,
    },
    /// A struct with unnamed fields; one alone crosses as itself.
    Tuple {
        elements: Vec<Type>,
    },
    Enum {
        variants: Vec<Variant>,
    },
    Class {
        /// Its instances are copied where they are taken by value.
        copy: bool,
        /// The traits of the cells that it implements.
        traits: Vec<Implemented>,
        /// It implements Display.
        display: bool,
        /// It implements Iterator: its `next` is one of the functions.
        iterator: bool,
    },
    /// What a function gives piece by piece; a type of the shim's own, which no cell names.
    Lazy {
        item: Type,
        /// It may go to other threads.
        send: bool,
        source: Source,
    },
}

/// Where the pieces come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// An iterator: each is made when it is asked for.
    Iterator,
    /// A channel's receiver: each is waited for.
    Channel,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Implemented {
    pub path: String,
    /// The trait allows `dyn`.
    pub dynamic: bool,
}

/// A `pub trait`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraitDefinition {
    /// With its modules before it.
    pub name: String,
    pub path: String,
    /// It allows `dyn`.
    pub dynamic: bool,
    /// Its text: later cells that implement it learn its methods from there.
    pub source: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    #[serde(rename = "type")]
    pub ty: Type,
    pub doc: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    pub name: String,
    pub doc: String,
    pub fields: VariantFields,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum VariantFields {
    Unit,
    Tuple { elements: Vec<Type> },
    Named { fields: Vec<Field> },
}

/// Something public that has no mapping, at its place in the cell's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// 1-based.
    pub line: usize,
    /// 1-based.
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
    /// What has no mapping, as written.
    pub found: String,
    pub message: String,
    pub instead: String,
}

impl Definition {
    /// All types that it holds.
    pub fn types(&self) -> Vec<&Type> {
        match &self.shape {
            Shape::Struct { fields } => fields.iter().map(|field| &field.ty).collect(),
            Shape::Tuple { elements } => elements.iter().collect(),
            Shape::Enum { variants } => variants.iter().flat_map(Variant::types).collect(),
            Shape::Class { .. } => Vec::new(),
            Shape::Lazy { item, .. } => vec![item],
        }
    }
}

impl Variant {
    pub fn types(&self) -> Vec<&Type> {
        match &self.fields {
            VariantFields::Unit => Vec::new(),
            VariantFields::Tuple { elements } => elements.iter().collect(),
            VariantFields::Named { fields } => fields.iter().map(|field| &field.ty).collect(),
        }
    }
}
