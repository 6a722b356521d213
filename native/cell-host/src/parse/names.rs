//! The names that types in a cell can have: its own public items, its aliases, and the items of earlier cells.

use std::collections::HashMap;

use crate::exports::{Definition, Shape, TraitDefinition};
use crate::types::{Access, Type};

/// What a name stands for.
#[derive(Clone)]
pub enum Named {
    Data {
        path: String,
    },
    Class {
        path: String,
    },
    Trait {
        path: String,
        dynamic: bool,
    },
    /// A `type` without parameters, and the modules it was written in.
    Alias {
        target: Box<syn::Type>,
        module: Vec<String>,
    },
}

/// By name with its modules: `orders::Order`.
#[derive(Clone, Default)]
pub struct Names {
    entries: HashMap<String, Named>,
}

impl Names {
    /// What earlier cells export, by its last name.
    pub fn of_earlier(types: &[Definition], traits: &[TraitDefinition]) -> Names {
        let mut names = Names::default();
        for Definition {
            name, path, shape, ..
        } in types
        {
            let path = path.clone();
            let named = match shape {
                Shape::Class { .. } => Named::Class { path },
                _ => Named::Data { path },
            };
            names.entries.insert(name.clone(), named);
        }
        for TraitDefinition {
            name, path, dynamic, ..
        } in traits
        {
            let (path, dynamic) = (path.clone(), *dynamic);
            names.entries.insert(name.clone(), Named::Trait { path, dynamic });
        }
        names
    }

    pub fn insert(&mut self, name: String, named: Named) {
        self.entries.insert(name, named);
    }

    /// What a type is by its whole name.
    pub fn get(&self, name: &str) -> Option<&Named> {
        self.entries.get(name)
    }

    /// What a path means that is written in `module`: looked for there, then outwards, then by its last name where
    /// only one item has it, which stands for what `use` brings in.
    pub fn find(&self, path: &[String], module: &[String]) -> Option<(String, &Named)> {
        let written: Vec<&str> = path
            .iter()
            .map(String::as_str)
            .filter(|segment| !matches!(*segment, "crate" | "self" | "super"))
            .collect();
        for depth in (0..=module.len()).rev() {
            let name = qualified(&module[..depth], &written.join("::"));
            if let Some(found) = self.entries.get(&name) {
                return Some((name, found));
            }
        }
        let last = written.last()?;
        let mut same = self
            .entries
            .iter()
            .filter(|(name, _)| name.rsplit("::").next() == Some(last));
        match (same.next(), same.next()) {
            (Some((name, found)), None) => Some((name.clone(), found)),
            _ => None,
        }
    }
}

/// `["orders"], "Order"` is `orders::Order`.
pub fn qualified(module: &[String], name: &str) -> String {
    module
        .iter()
        .map(String::as_str)
        .chain([name])
        .collect::<Vec<_>>()
        .join("::")
}

/// The type of a value of this name, taken as `access` says; none for traits and aliases.
pub fn type_of(name: &str, named: &Named, access: Access) -> Option<Type> {
    match named {
        Named::Data { path } => {
            let data = Type::Data {
                name: name.into(),
                path: path.clone(),
            };
            match access {
                Access::Owned => Some(data),
                Access::Shared => Some(Type::Ref {
                    inner: Box::new(data),
                }),
                Access::Mutable => None,
            }
        }
        Named::Class { path } => Some(Type::Instance {
            name: name.into(),
            path: path.clone(),
            access,
        }),
        _ => None,
    }
}
