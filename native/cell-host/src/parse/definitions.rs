//! How a cell's structs and enums cross: as objects, or as classes whose instances stay in Rust.

use crate::exports::{Definition, Field, Implemented, Problem, Shape, Variant, VariantFields};
use crate::parse::attributes::{doc_comment, is_public};
use crate::parse::functions::plain;
use crate::parse::items::{path_of, At, Items};
use crate::parse::names::{qualified, Named, Names};
use crate::parse::types::{segments, Context, Place};

/// The definitions of a cell's own types; their names are entered into `names`.
///
/// A struct is a class where it has methods, private fields, traits of cells, or fields that cannot cross. What a
/// field's type is may depend on that for another struct, so this goes on until nothing changes.
pub fn definitions(items: &Items, names: &mut Names, problems: &mut Vec<Problem>) -> Vec<Definition> {
    for At { item, module } in &items.structs {
        let name = qualified(module, &item.ident.to_string());
        let path = path_of(module, &item.ident);
        let class = is_class(item, &name, module, items, names);
        names.insert(
            name,
            if class {
                Named::Class { path }
            } else {
                Named::Data { path }
            },
        );
    }
    for At { item, module } in &items.enums {
        let path = path_of(module, &item.ident);
        names.insert(qualified(module, &item.ident.to_string()), Named::Data { path });
    }
    loop {
        let opaque = unreadable(items, names);
        if opaque.is_empty() {
            break;
        }
        for (name, path) in opaque {
            names.insert(name, Named::Class { path });
        }
    }
    let structs = items.structs.iter().map(|at| struct_definition(at, items, names));
    let enums = items
        .enums
        .iter()
        .map(|at| enum_definition(at, items, names, problems));
    structs.chain(enums).collect()
}

fn is_class(item: &syn::ItemStruct, name: &str, module: &[String], items: &Items, names: &Names) -> bool {
    let private = item.fields.iter().any(|field| !is_public(&field.vis));
    private
        || items.impls_of(name).any(|at| match &at.item.trait_ {
            None => at.item.items.iter().any(|one| match one {
                syn::ImplItem::Fn(function) => is_public(&function.vis),
                _ => false,
            }),
            Some((_, path, _)) => {
                let written = segments(path);
                let last = written.last().map_or("", String::as_str);
                matches!(last, "Drop" | "Iterator")
                    || matches!(names.find(&written, module), Some((_, Named::Trait { .. })))
            }
        })
}

/// The types that are taken for data and hold something that cannot cross.
fn unreadable(items: &Items, names: &Names) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut look = |ident: &syn::Ident, module: &Vec<String>, fields: Vec<&syn::Field>| {
        let name = qualified(module, &ident.to_string());
        let data = matches!(names.get(&name), Some(Named::Data { .. }));
        let context = context(&name, module, names);
        if data
            && fields
                .iter()
                .any(|field| context.read(&field.ty, Place::Field).is_err())
        {
            found.push((name, path_of(module, ident)));
        }
    };
    for At { item, module } in &items.structs {
        look(&item.ident, module, item.fields.iter().collect());
    }
    for At { item, module } in &items.enums {
        let fields = item
            .variants
            .iter()
            .flat_map(|variant| variant.fields.iter())
            .collect();
        look(&item.ident, module, fields);
    }
    found
}

fn context<'a>(name: &str, module: &'a [String], names: &'a Names) -> Context<'a> {
    Context {
        names,
        module,
        this: Some(name.to_string()),
        generics: Default::default(),
    }
}

fn struct_definition(at: &At<syn::ItemStruct>, items: &Items, names: &Names) -> Definition {
    let At { item, module } = at;
    let name = qualified(module, &item.ident.to_string());
    let data = matches!(names.get(&name), Some(Named::Data { .. }));
    let shape = if data {
        match &item.fields {
            syn::Fields::Unnamed(fields) => Shape::Tuple {
                elements: types(fields.unnamed.iter(), &context(&name, module, names)),
            },
            fields => Shape::Struct {
                fields: named(fields.iter(), &context(&name, module, names)),
            },
        }
    } else {
        class(&name, module, &item.attrs, items, names)
    };
    definition(&item.ident, module, &item.attrs, items, shape)
}

fn enum_definition(
    at: &At<syn::ItemEnum>,
    items: &Items,
    names: &Names,
    problems: &mut Vec<Problem>,
) -> Definition {
    let At { item, module } = at;
    let name = qualified(module, &item.ident.to_string());
    let data = matches!(names.get(&name), Some(Named::Data { .. }));
    if !data {
        let shape = class(&name, module, &item.attrs, items, names);
        return definition(&item.ident, module, &item.attrs, items, shape);
    }
    let context = context(&name, module, names);
    let variants = item.variants.iter().map(|variant| Variant {
        name: plain(&variant.ident),
        doc: doc_comment(&variant.attrs),
        fields: match &variant.fields {
            syn::Fields::Unit => VariantFields::Unit,
            syn::Fields::Unnamed(fields) => VariantFields::Tuple {
                elements: types(fields.unnamed.iter(), &context),
            },
            syn::Fields::Named(fields) => {
                for field in &fields.named {
                    if field.ident.as_ref().is_some_and(|ident| ident == "kind") {
                        problems.push(crate::parse::problem::problem(
                            &field.ident,
                            "In the notebook, `kind` holds the variant's name.",
                            "Give the field another name.",
                        ));
                    }
                }
                VariantFields::Named {
                    fields: named(fields.named.iter(), &context),
                }
            }
        },
    });
    let shape = Shape::Enum {
        variants: variants.collect(),
    };
    definition(&item.ident, module, &item.attrs, items, shape)
}

fn definition(
    ident: &syn::Ident,
    module: &[String],
    attributes: &[syn::Attribute],
    items: &Items,
    shape: Shape,
) -> Definition {
    let name = qualified(module, &ident.to_string());
    Definition {
        clone: items.implements(&name, attributes, "Clone"),
        path: path_of(module, ident),
        doc: doc_comment(attributes),
        line: ident.span().start().line,
        name,
        shape,
    }
}

fn class(
    name: &str,
    module: &[String],
    attributes: &[syn::Attribute],
    items: &Items,
    names: &Names,
) -> Shape {
    let traits = items.impls_of(name).filter_map(|at| {
        let (_, path, _) = at.item.trait_.as_ref()?;
        match names.find(&segments(path), module) {
            Some((_, Named::Trait { path, dynamic })) => Some(Implemented {
                path: path.clone(),
                dynamic: *dynamic,
            }),
            _ => None,
        }
    });
    Shape::Class {
        copy: items.implements(name, attributes, "Copy"),
        traits: traits.collect(),
        display: items.implements(name, attributes, "Display"),
        iterator: items.implements(name, attributes, "Iterator"),
    }
}

/// Fields that were found readable before.
fn named<'a>(fields: impl Iterator<Item = &'a syn::Field>, context: &Context) -> Vec<Field> {
    fields
        .filter_map(|field| {
            Some(Field {
                name: plain(field.ident.as_ref()?),
                ty: context.read(&field.ty, Place::Field).ok()?,
                doc: doc_comment(&field.attrs),
            })
        })
        .collect()
}

fn types<'a>(fields: impl Iterator<Item = &'a syn::Field>, context: &Context) -> Vec<crate::types::Type> {
    fields
        .filter_map(|field| context.read(&field.ty, Place::Field).ok())
        .collect()
}
