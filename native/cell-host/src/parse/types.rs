//! From a type as it is written to the type that crosses.

use std::collections::HashMap;

use crate::exports::Problem;
use crate::number::Number;
use crate::parse::names::{type_of, Named, Names};
use crate::parse::problem::{problem, unknown};
use crate::types::{Access, Held, Type};

/// Where a type stands.
#[derive(Clone, Copy, PartialEq)]
pub enum Place {
    Argument,
    /// Inside an argument: `Vec<…>`, `Option<…>`.
    Nested,
    Result,
    Field,
}

/// What the names in a signature mean.
pub struct Context<'a> {
    pub names: &'a Names,
    pub module: &'a [String],
    /// What `Self` is.
    pub this: Option<String>,
    /// Type parameters with their bounds: `T: Speak`.
    pub generics: HashMap<String, Bounds>,
}

/// What a type parameter has to implement.
pub type Bounds = syn::punctuated::Punctuated<syn::TypeParamBound, syn::Token![+]>;

type Read = Result<Type, Box<Problem>>;

impl Context<'_> {
    pub fn read(&self, ty: &syn::Type, place: Place) -> Read {
        match ty {
            syn::Type::Paren(inner) => self.read(&inner.elem, place),
            syn::Type::Group(inner) => self.read(&inner.elem, place),
            syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Ok(Type::Unit),
            syn::Type::Tuple(tuple) => {
                let elements: Result<Vec<_>, _> = tuple
                    .elems
                    .iter()
                    .map(|element| self.read(element, inside(place)))
                    .collect();
                Ok(Type::Tuple { elements: elements? })
            }
            syn::Type::Array(array) => self.array(ty, array, place),
            syn::Type::Reference(reference) => self.reference(reference, place),
            syn::Type::ImplTrait(bounds) if place == Place::Argument => {
                self.implementor(ty, &bounds.bounds, Access::Owned)
            }
            syn::Type::Path(path) => self.path(ty, path, place),
            _ => Err(unknown(ty)),
        }
    }

    fn array(&self, ty: &syn::Type, array: &syn::TypeArray, place: Place) -> Read {
        let syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Int(length),
            ..
        }) = &array.len
        else {
            return Err(Box::new(problem(
                ty,
                "The length of this array is not written as a number.",
                "Write it as a number, or take a Vec<T>.",
            )));
        };
        Ok(Type::Array {
            element: Box::new(self.read(&array.elem, inside(place))?),
            length: length.base10_parse().map_err(|_| unknown(ty))?,
        })
    }

    fn path(&self, ty: &syn::Type, path: &syn::TypePath, place: Place) -> Read {
        let Some(segment) = path.path.segments.last() else {
            return Err(unknown(ty));
        };
        let one = |inner: &syn::Type| self.read(inner, inside(place)).map(Box::new);
        let name = segment.ident.to_string();
        match (name.as_str(), type_arguments(segment).as_slice()) {
            ("Vec" | "VecDeque", [element]) if name == "Vec" => Ok(Type::Vec {
                element: one(element)?,
            }),
            ("Option", [inner]) => Ok(Type::Option { inner: one(inner)? }),
            ("Box" | "Arc" | "Rc", [syn::Type::TraitObject(object)]) => {
                let held = match name.as_str() {
                    "Arc" => Held::Arc,
                    "Rc" => Held::Rc,
                    _ => Held::Box,
                };
                let callback = self.callback(&object.bounds, held)?;
                match callback {
                    Some(callback) if place == Place::Argument => Ok(callback),
                    Some(_) => Err(Box::new(problem(
                        ty,
                        "A function of the notebook does not cross inside another type.",
                        "Take it as a parameter of its own: impl Fn(A) -> R.",
                    ))),
                    None => Err(unknown(ty)),
                }
            }
            ("Box", [inner]) => Ok(Type::Boxed { inner: one(inner)? }),
            ("HashMap" | "BTreeMap", [key, value]) => Ok(Type::Map {
                key: one(key)?,
                value: one(value)?,
                sorted: name == "BTreeMap",
            }),
            ("HashSet" | "BTreeSet", [element]) => Ok(Type::Set {
                element: one(element)?,
                sorted: name == "BTreeSet",
            }),
            (_, []) if segment.arguments.is_none() => self.name(ty, path, place),
            _ => Err(unknown(ty)),
        }
    }

    fn name(&self, ty: &syn::Type, path: &syn::TypePath, place: Place) -> Read {
        let written = segments(&path.path);
        if let [name] = written.as_slice() {
            if let Some(number) = Number::from_name(name) {
                return Ok(Type::Number { name: number });
            }
            match name.as_str() {
                "bool" => return Ok(Type::Bool),
                "char" => return Ok(Type::Char),
                _ => {}
            }
        }
        if written.last().is_some_and(|last| last == "String") {
            return Ok(Type::String);
        }
        if let Some(bound) = written.first().and_then(|name| self.generics.get(name)) {
            if place == Place::Argument {
                return self.implementor(ty, bound, Access::Owned);
            }
        }
        let Some((name, named)) = self.find(&written) else {
            return Err(unknown(ty));
        };
        if let Named::Alias { target, module } = named {
            let inner = Context {
                names: self.names,
                module,
                this: None,
                generics: HashMap::new(),
            };
            // Its own span is where the alias stands; the user looks at where it is used.
            return inner.read(target, place).map_err(|_| unknown(ty));
        }
        type_of(&name, named, Access::Owned).ok_or_else(|| unknown(ty))
    }

    fn find(&self, written: &[String]) -> Option<(String, &Named)> {
        match (written, &self.this) {
            ([only], Some(this)) if only == "Self" => Some((this.clone(), self.names.get(this)?)),
            _ => self.names.find(written, self.module),
        }
    }

    fn reference(&self, reference: &syn::TypeReference, place: Place) -> Read {
        let lives = reference
            .lifetime
            .as_ref()
            .is_some_and(|one| one.ident == "static");
        let is_text = last_name(&reference.elem).as_deref() == Some("str");
        match place {
            Place::Result | Place::Field if lives && is_text => return Ok(Type::Str),
            Place::Result if reference.mutability.is_some() => {
                return Err(Box::new(problem(
                    reference,
                    "A result cannot be borrowed, and least of all to be written: the notebook would hold it beside the value.",
                    "Let the method take &mut self, change it in place and return nothing, or a copy of what it changed.",
                )))
            }
            Place::Result | Place::Field => {
                return Err(Box::new(problem(
                    reference,
                    "A result cannot be borrowed: what it points into ends with the call.",
                    "Return an owned value: String instead of &str, Vec<T> instead of &[T], a clone instead of &T.",
                )))
            }
            Place::Nested => {
                return Err(Box::new(problem(
                    reference,
                    "A reference inside another type does not cross.",
                    "Take the owned type: Vec<String>, Option<String>, Vec<Vec<f64>>.",
                )))
            }
            Place::Argument => {}
        }
        let mutable = reference.mutability.is_some();
        let access = if mutable { Access::Mutable } else { Access::Shared };
        match &*reference.elem {
            syn::Type::Slice(slice) => self.slice(reference, slice, mutable),
            _ if is_text && !mutable => Ok(Type::Str),
            syn::Type::TraitObject(object) => self.dynamic(&object.bounds, reference, access),
            syn::Type::ImplTrait(bounds) => self.implementor(&reference.elem, &bounds.bounds, access),
            syn::Type::Paren(inner) => {
                let plain = syn::TypeReference {
                    elem: inner.elem.clone(),
                    ..reference.clone()
                };
                self.reference(&plain, place)
            }
            other => self.borrowed(reference, other, access),
        }
    }

    fn slice(&self, reference: &syn::TypeReference, slice: &syn::TypeSlice, mutable: bool) -> Read {
        let element = last_name(&slice.elem).and_then(|name| Number::from_name(&name));
        match element {
            Some(element) if element.array_width().is_some() => return Ok(Type::Slice { element, mutable }),
            _ if mutable => {}
            _ => {
                let element = Box::new(self.read(&slice.elem, Place::Nested)?);
                let inner = Box::new(Type::Vec { element });
                return Ok(Type::Ref { inner });
            }
        }
        Err(Box::new(problem(
            reference,
            "Only numbers that have a typed array can be written in place.",
            "Take a &mut slice of one of i8 to i64, u8 to u64, f32, f64, or return the changed values.",
        )))
    }

    /// `&T`: an instance lent, or a value that the shim holds for the call.
    fn borrowed(&self, reference: &syn::TypeReference, inner: &syn::Type, access: Access) -> Read {
        if let syn::Type::Path(path) = inner {
            let written = segments(&path.path);
            if let Some(bound) = written.first().and_then(|name| self.generics.get(name)) {
                return self.implementor(inner, bound, access);
            }
        }
        match self.read(inner, Place::Nested)? {
            Type::Instance { name, path, .. } => Ok(Type::Instance { name, path, access }),
            read if access == Access::Shared => Ok(Type::Ref { inner: Box::new(read) }),
            Type::Vec { element } if matches!(*element, Type::Number { .. }) => Err(Box::new(problem(
                reference,
                "A typed array has its length: Rust cannot make it longer or shorter.",
                "Take a slice, &mut [f64], which is written in place; or return the new Vec.",
            ))),
            _ => Err(Box::new(problem(
                reference,
                "The notebook would not see what is written here: this value is copied on its way to Rust.",
                "Take it by value and return the changed one, or give the struct methods, which makes it a class.",
            ))),
        }
    }

    fn dynamic(&self, bounds: &Bounds, reference: &syn::TypeReference, access: Access) -> Read {
        if let Some(callback) = self.callback(bounds, held(access))? {
            return Ok(callback);
        }
        let found = one_trait(bounds).and_then(|path| self.find(&segments(path)));
        match found {
            Some((name, Named::Trait { path, dynamic: true })) => Ok(Type::Dyn {
                name,
                path: path.clone(),
                access,
            }),
            _ => Err(Box::new(unknown_trait(reference))),
        }
    }

    fn implementor(&self, ty: &syn::Type, bounds: &Bounds, access: Access) -> Read {
        if let Some(callback) = self.callback(bounds, held(access))? {
            return Ok(callback);
        }
        match one_trait(bounds).and_then(|path| self.find(&segments(path))) {
            Some((name, Named::Trait { path, .. })) => Ok(Type::Impl {
                name,
                path: path.clone(),
                access,
                // Known once all of the cell was read.
                implementors: Vec::new(),
            }),
            _ => Err(Box::new(unknown_trait(ty))),
        }
    }
}

/// How a function is taken that is taken as `access` says.
fn held(access: Access) -> Held {
    match access {
        Access::Owned => Held::Value,
        Access::Shared => Held::Ref,
        Access::Mutable => Held::Mut,
    }
}

fn unknown_trait(place: &(impl quote::ToTokens + syn::spanned::Spanned)) -> Problem {
    problem(
        place,
        "The notebook's classes implement the pub traits of cells, and this names none of them.",
        "Name one `pub trait` of a cell, or take a concrete type.",
    )
}

/// The one trait of bounds; markers such as Send beside it change nothing.
fn one_trait(bounds: &Bounds) -> Option<&syn::Path> {
    let mut traits = bounds.iter().filter_map(|bound| match bound {
        syn::TypeParamBound::Trait(one) => Some(&one.path),
        _ => None,
    });
    let markers = ["Send", "Sync", "Sized", "Unpin"];
    let mut own = traits.by_ref().filter(|path| {
        path.segments
            .last()
            .is_some_and(|last| !markers.iter().any(|marker| last.ident == marker))
    });
    match (own.next(), own.next()) {
        (Some(path), None) => Some(path),
        _ => None,
    }
}

/// The bounds of each type parameter that has one trait.
pub fn bounded(generics: &syn::Generics) -> HashMap<String, Bounds> {
    let mut all: HashMap<String, Bounds> = HashMap::new();
    for parameter in generics.type_params() {
        let bounds = all.entry(parameter.ident.to_string()).or_default();
        bounds.extend(parameter.bounds.iter().cloned());
    }
    for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
        if let syn::WherePredicate::Type(one) = predicate {
            if let Some(bounds) = last_name(&one.bounded_ty).and_then(|name| all.get_mut(&name)) {
                bounds.extend(one.bounds.iter().cloned());
            }
        }
    }
    all.retain(|_, bounds| one_trait(bounds).is_some());
    all
}

fn inside(place: Place) -> Place {
    match place {
        Place::Argument | Place::Nested => Place::Nested,
        other => other,
    }
}

pub fn segments(path: &syn::Path) -> Vec<String> {
    path.segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect()
}

pub fn type_arguments(segment: &syn::PathSegment) -> Vec<&syn::Type> {
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return Vec::new();
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

pub fn last_name(ty: &syn::Type) -> Option<String> {
    let syn::Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    segment.arguments.is_none().then(|| segment.ident.to_string())
}
