//! From a cell's text to what it exports, and to what cannot be exported and what to write instead.

mod attributes;
mod callbacks;
mod definitions;
mod functions;
mod items;
mod lazy;
mod members;
mod names;
mod problem;
mod types;

#[cfg(test)]
mod refusals;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use quote::ToTokens;
use serde::Deserialize;

use crate::exports::{Definition, Exports, Function, Problem, Shape, TraitDefinition};
use crate::types::Type;
use functions::{read_function, Around};
use items::{path_of, At, Items};
use members::{constants, Reader};
use names::{qualified, Names};
use types::Context;

/// What the cells above export, by paths that this cell's shim can use.
#[derive(Debug, Default, Deserialize)]
pub struct Earlier {
    pub types: Vec<Definition>,
    pub traits: Vec<TraitDefinition>,
}

/// What a cell's text exports.
pub fn parse(source: &str, earlier: &Earlier) -> Exports {
    let exports = read(source, earlier);
    // Else each text that was ever parsed is kept for its places, and an editor asks at every key.
    proc_macro2::extra::invalidate_current_thread_spans();
    exports
}

fn read(source: &str, earlier: &Earlier) -> Exports {
    let Ok(file) = syn::parse_file(source) else {
        return Exports {
            broken: true,
            ..Exports::default()
        };
    };
    let items = Items::of(&file);
    let mut names = Names::of_earlier(&earlier.types, &earlier.traits);
    items.enter(&mut names);
    let mut exports = Exports {
        used: items::identifiers(&file).into_iter().collect(),
        offers: items::offers(&file),
        ..Exports::default()
    };
    exports.types = definitions::definitions(&items, &mut names, &mut exports.problems);
    exports.traits = items.traits.iter().map(trait_definition).collect();
    for At { item, module } in &items.functions {
        let mut around = Around {
            context: Context {
                names: &names,
                module,
                this: None,
                generics: Default::default(),
            },
            owner: None,
            prefix: path_of(module, &item.sig.ident)
                .trim_end_matches(&item.sig.ident.to_string())
                .to_string(),
        };
        match read_function(&item.sig, &item.attrs, &mut around) {
            Ok(function) => exports.functions.push(function),
            Err(problems) => exports.problems.extend(problems),
        }
    }
    let reader = Reader {
        items: &items,
        names: &names,
        own: &exports.types,
        earlier: &earlier.traits,
    };
    for definition in &exports.types {
        let (functions, problems) = reader.members(definition);
        exports.functions.extend(functions);
        exports.problems.extend(problems);
    }
    exports.functions.extend(constants(&items, &names));
    lazy::define(&mut exports);
    add_used(&mut exports.types, &exports.functions, &earlier.types);
    for function in &mut exports.functions {
        for parameter in &mut function.parameters {
            fill_implementors(&mut parameter.ty, &exports.types, &earlier.types);
        }
    }
    exports
        .problems
        .sort_by_key(|problem| (problem.line, problem.column));
    exports
}

fn trait_definition(At { item, module }: &At<syn::ItemTrait>) -> TraitDefinition {
    TraitDefinition {
        name: qualified(module, &item.ident.to_string()),
        path: path_of(module, &item.ident),
        dynamic: items::allows_dyn(item),
        source: item.to_token_stream().to_string(),
    }
}

/// Adds the earlier types that signatures and fields mention, and what those mention in turn.
fn add_used(types: &mut Vec<Definition>, functions: &[Function], earlier: &[Definition]) {
    let mut paths = HashSet::new();
    let mut mention = |ty: &Type| {
        if let Type::Data { path, .. } | Type::Instance { path, .. } = ty {
            paths.insert(path.clone());
        }
    };
    for function in functions {
        let error = match &function.error {
            Some(crate::exports::Thrown::Data { value }) => Some(value),
            _ => None,
        };
        let parameters = function.parameters.iter().map(|parameter| &parameter.ty);
        parameters
            .chain([&function.returns])
            .chain(error)
            .for_each(|ty| ty.walk(&mut mention));
    }
    types
        .iter()
        .flat_map(Definition::types)
        .for_each(|ty| ty.walk(&mut mention));
    loop {
        let known: HashSet<&str> = types.iter().map(|one| one.path.as_str()).collect();
        let more: Vec<Definition> = earlier
            .iter()
            .filter(|one| paths.contains(&one.path) && !known.contains(one.path.as_str()))
            .cloned()
            .collect();
        if more.is_empty() {
            return;
        }
        for definition in &more {
            definition.types().into_iter().for_each(|ty| {
                ty.walk(&mut |one| {
                    if let Type::Data { path, .. } | Type::Instance { path, .. } = one {
                        paths.insert(path.clone());
                    }
                })
            });
        }
        types.extend(more);
    }
}

fn fill_implementors(ty: &mut Type, own: &[Definition], earlier: &[Definition]) {
    let Type::Impl {
        path: wanted,
        implementors,
        ..
    } = ty
    else {
        return;
    };
    let mut seen = HashSet::new();
    for definition in own.iter().chain(earlier) {
        if let Shape::Class { traits, .. } = &definition.shape {
            if traits.iter().any(|one| one.path == *wanted) && seen.insert(&definition.path) {
                implementors.push(definition.path.clone());
            }
        }
    }
}
