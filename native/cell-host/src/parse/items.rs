//! A cell's items, module by module, before any type is read.

use std::collections::BTreeSet;

use proc_macro2::TokenTree;
use quote::ToTokens;

use crate::parse::attributes::{derives, is_public};
use crate::parse::names::{qualified, Named, Names};
use crate::parse::types::{last_name, segments};

pub struct At<'a, T> {
    pub item: &'a T,
    pub module: Vec<String>,
}

/// The public items that may be exported, and all impl blocks.
#[derive(Default)]
pub struct Items<'a> {
    pub functions: Vec<At<'a, syn::ItemFn>>,
    pub structs: Vec<At<'a, syn::ItemStruct>>,
    pub enums: Vec<At<'a, syn::ItemEnum>>,
    pub traits: Vec<At<'a, syn::ItemTrait>>,
    pub constants: Vec<At<'a, syn::ItemConst>>,
    pub statics: Vec<At<'a, syn::ItemStatic>>,
    pub impls: Vec<At<'a, syn::ItemImpl>>,
    aliases: Vec<At<'a, syn::ItemType>>,
}

impl<'a> Items<'a> {
    pub fn of(file: &'a syn::File) -> Items<'a> {
        let mut items = Items::default();
        items.collect(&file.items, &[], true);
        items
    }

    /// `reachable`: all modules around are public, or the cell itself.
    fn collect(&mut self, list: &'a [syn::Item], module: &[String], reachable: bool) {
        let module = module.to_vec();
        for item in list {
            let module = module.clone();
            match item {
                syn::Item::Fn(item) if reachable && is_public(&item.vis) => {
                    self.functions.push(At { item, module })
                }
                syn::Item::Struct(item)
                    if reachable && is_public(&item.vis) && !has_types(&item.generics) =>
                {
                    self.structs.push(At { item, module })
                }
                syn::Item::Enum(item) if reachable && is_public(&item.vis) && !has_types(&item.generics) => {
                    self.enums.push(At { item, module })
                }
                syn::Item::Trait(item) if reachable && is_public(&item.vis) && !has_types(&item.generics) => {
                    self.traits.push(At { item, module })
                }
                syn::Item::Const(item) if reachable && is_public(&item.vis) => {
                    self.constants.push(At { item, module })
                }
                syn::Item::Static(item)
                    if reachable
                        && is_public(&item.vis)
                        && matches!(item.mutability, syn::StaticMutability::None) =>
                {
                    self.statics.push(At { item, module })
                }
                syn::Item::Impl(item) => self.impls.push(At { item, module }),
                syn::Item::Type(item) if !has_types(&item.generics) => self.aliases.push(At { item, module }),
                syn::Item::Mod(item) => {
                    if let Some((_, inner)) = &item.content {
                        let mut module = module;
                        module.push(item.ident.to_string());
                        self.collect(inner, &module, reachable && is_public(&item.vis));
                    }
                }
                _ => {}
            }
        }
    }

    /// The traits and aliases; structs and enums are entered once it is known how they cross.
    pub fn enter(&self, names: &mut Names) {
        for At { item, module } in &self.traits {
            let (path, dynamic) = (path_of(module, &item.ident), allows_dyn(item));
            names.insert(
                qualified(module, &item.ident.to_string()),
                Named::Trait { path, dynamic },
            );
        }
        for At { item, module } in &self.aliases {
            let named = Named::Alias {
                target: item.ty.clone(),
                module: module.clone(),
            };
            names.insert(qualified(module, &item.ident.to_string()), named);
        }
    }

    /// The impl blocks of a type: those whose name, as written, ends in the type's.
    pub fn impls_of(&self, name: &str) -> impl Iterator<Item = &At<'a, syn::ItemImpl>> {
        let last = name.rsplit("::").next().unwrap_or(name).to_string();
        self.impls.iter().filter(move |at| match &*at.item.self_ty {
            syn::Type::Path(path) => path
                .path
                .segments
                .last()
                .is_some_and(|segment| segment.ident == last),
            _ => false,
        })
    }

    /// Whether a type implements a trait of std, by derive or by hand.
    pub fn implements(&self, name: &str, attributes: &[syn::Attribute], wanted: &str) -> bool {
        derives(attributes, wanted)
            || self.impls_of(name).any(|at| {
                at.item
                    .trait_
                    .as_ref()
                    .is_some_and(|(_, path, _)| segments(path).last().is_some_and(|last| last == wanted))
            })
    }
}

/// A public item's path from the shim.
pub fn path_of(module: &[String], name: &syn::Ident) -> String {
    let inner: String = module.iter().map(|one| format!("{one}::")).collect();
    format!("crate::cell::{inner}{name}")
}

/// Whether a trait allows `dyn`, by the rules of the reference ("dyn compatibility"). A trait above it that is not of
/// the few named here may forbid it, so such a trait is taken not to allow it.
pub fn allows_dyn(item: &syn::ItemTrait) -> bool {
    let plain = ["Send", "Sync", "Debug", "Display", "Unpin"];
    let above = item.supertraits.iter().all(|bound| match bound {
        syn::TypeParamBound::Trait(one) => one
            .path
            .segments
            .last()
            .is_some_and(|last| plain.iter().any(|name| last.ident == name)),
        _ => true,
    });
    above
        && item.items.iter().all(|one| match one {
            syn::TraitItem::Fn(function) => sized_only(&function.sig) || callable_by_dyn(&function.sig),
            _ => false,
        })
}

/// `where Self: Sized` takes a function out of the `dyn` trait.
fn sized_only(signature: &syn::Signature) -> bool {
    signature.generics.where_clause.iter().flat_map(|clause| &clause.predicates).any(
        |predicate| matches!(predicate, syn::WherePredicate::Type(one) if last_name(&one.bounded_ty).as_deref() == Some("Self")),
    )
}

fn callable_by_dyn(signature: &syn::Signature) -> bool {
    let mut inputs = signature.inputs.iter();
    let receiver =
        matches!(inputs.next(), Some(syn::FnArg::Receiver(receiver)) if receiver.reference.is_some());
    let mut tokens = signature.output.to_token_stream().to_string();
    for input in inputs {
        tokens.push_str(&format!(" {} ", input.to_token_stream()));
    }
    let mentions = |word: &str| {
        tokens
            .split(|one: char| !one.is_alphanumeric() && one != '_')
            .any(|one| one == word)
    };
    receiver
        && signature.asyncness.is_none()
        && signature.generics.type_params().next().is_none()
        && !mentions("Self")
        && !mentions("impl")
}

fn has_types(generics: &syn::Generics) -> bool {
    !generics.params.is_empty()
}

/// The pub names of a cell's top level.
pub fn offers(file: &syn::File) -> Vec<String> {
    let names = file.items.iter().filter_map(|item| {
        let (visibility, name) = match item {
            syn::Item::Const(one) => (&one.vis, &one.ident),
            syn::Item::Enum(one) => (&one.vis, &one.ident),
            syn::Item::Fn(one) => (&one.vis, &one.sig.ident),
            syn::Item::Mod(one) => (&one.vis, &one.ident),
            syn::Item::Static(one) => (&one.vis, &one.ident),
            syn::Item::Struct(one) => (&one.vis, &one.ident),
            syn::Item::Trait(one) => (&one.vis, &one.ident),
            syn::Item::Type(one) => (&one.vis, &one.ident),
            _ => return None,
        };
        is_public(visibility).then(|| name.to_string())
    });
    names.collect()
}

/// Every identifier of the text, those in macros included: which earlier cells it may use.
pub fn identifiers(file: &syn::File) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut queue = vec![file.to_token_stream()];
    while let Some(tokens) = queue.pop() {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    found.insert(ident.to_string());
                }
                TokenTree::Group(group) => queue.push(group.stream()),
                _ => {}
            }
        }
    }
    found
}
