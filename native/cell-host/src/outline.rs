//! A cell's items with their places, public or not, and where its text stops being Rust: what an editor shows while
//! somebody types, before anything is compiled.

use proc_macro2::Span;
use quote::ToTokens;
use serde::Serialize;
use syn::spanned::Spanned;

#[derive(Debug, Default, Serialize)]
pub struct Outline {
    pub items: Vec<Item>,
    /// Where it is no Rust; there are no items then.
    pub error: Option<SyntaxError>,
}

#[derive(Debug, Serialize)]
pub struct SyntaxError {
    pub place: Place,
    pub message: String,
}

#[derive(Debug, Serialize)]
pub struct Item {
    pub kind: Kind,
    pub name: String,
    /// What follows the name: a signature, a type.
    pub detail: String,
    pub public: bool,
    /// With attributes and doc comments.
    pub place: Place,
    #[serde(rename = "namePlace")]
    pub name_place: Place,
    pub children: Vec<Item>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    Function,
    Method,
    Struct,
    Field,
    Enum,
    Variant,
    Trait,
    Impl,
    Type,
    Constant,
    Static,
    Module,
    Macro,
}

/// 1-based; columns in characters, the end behind the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Place {
            line: span.start().line,
            column: span.start().column + 1,
            end_line: span.end().line,
            end_column: span.end().column + 1,
        }
    }
}

/// The outline of a cell's text.
pub fn outline(source: &str) -> Outline {
    let found = read(source);
    // Else each text that was ever parsed is kept for its places, and an editor asks at every key.
    proc_macro2::extra::invalidate_current_thread_spans();
    found
}

fn read(source: &str) -> Outline {
    match syn::parse_file(source) {
        Ok(file) => Outline {
            items: file.items.iter().filter_map(item).collect(),
            error: None,
        },
        Err(error) => Outline {
            items: Vec::new(),
            error: Some(SyntaxError {
                place: error.span().into(),
                message: error.to_string(),
            }),
        },
    }
}

fn entry(kind: Kind, whole: &impl Spanned, name: &(impl ToTokens + Spanned), vis: &syn::Visibility) -> Item {
    Item {
        kind,
        name: plain(name),
        detail: String::new(),
        public: matches!(vis, syn::Visibility::Public(_)),
        place: whole.span().into(),
        name_place: name.span().into(),
        children: Vec::new(),
    }
}

fn item(item: &syn::Item) -> Option<Item> {
    Some(match item {
        syn::Item::Fn(one) => Item {
            detail: signature(&one.sig),
            ..entry(Kind::Function, one, &one.sig.ident, &one.vis)
        },
        syn::Item::Struct(one) => Item {
            children: fields(&one.fields),
            ..entry(Kind::Struct, one, &one.ident, &one.vis)
        },
        syn::Item::Union(one) => Item {
            children: one.fields.named.iter().filter_map(field).collect(),
            ..entry(Kind::Struct, one, &one.ident, &one.vis)
        },
        syn::Item::Enum(one) => Item {
            children: one.variants.iter().map(variant).collect(),
            ..entry(Kind::Enum, one, &one.ident, &one.vis)
        },
        syn::Item::Trait(one) => Item {
            children: one.items.iter().filter_map(trait_item).collect(),
            ..entry(Kind::Trait, one, &one.ident, &one.vis)
        },
        syn::Item::Impl(one) => {
            let mut found = entry(Kind::Impl, one, &*one.self_ty, &syn::Visibility::Inherited);
            let of = one
                .trait_
                .as_ref()
                .map(|(_, path, _)| format!("{} for ", plain(path)));
            found.name = format!("impl {}{}", of.unwrap_or_default(), found.name);
            found.children = one.items.iter().filter_map(impl_item).collect();
            found
        }
        syn::Item::Type(one) => Item {
            detail: plain(&one.ty),
            ..entry(Kind::Type, one, &one.ident, &one.vis)
        },
        syn::Item::Const(one) => Item {
            detail: plain(&one.ty),
            ..entry(Kind::Constant, one, &one.ident, &one.vis)
        },
        syn::Item::Static(one) => Item {
            detail: plain(&one.ty),
            ..entry(Kind::Static, one, &one.ident, &one.vis)
        },
        syn::Item::Mod(one) => {
            let (_, inside) = one.content.as_ref()?;
            Item {
                children: inside.iter().filter_map(self::item).collect(),
                ..entry(Kind::Module, one, &one.ident, &one.vis)
            }
        }
        syn::Item::Macro(one) => entry(Kind::Macro, one, one.ident.as_ref()?, &syn::Visibility::Inherited),
        _ => return None,
    })
}

fn trait_item(item: &syn::TraitItem) -> Option<Item> {
    let vis = syn::Visibility::Inherited;
    Some(match item {
        syn::TraitItem::Fn(one) => Item {
            detail: signature(&one.sig),
            ..entry(Kind::Method, one, &one.sig.ident, &vis)
        },
        syn::TraitItem::Const(one) => entry(Kind::Constant, one, &one.ident, &vis),
        syn::TraitItem::Type(one) => entry(Kind::Type, one, &one.ident, &vis),
        _ => return None,
    })
}

fn impl_item(item: &syn::ImplItem) -> Option<Item> {
    Some(match item {
        syn::ImplItem::Fn(one) => {
            let takes_self = one.sig.receiver().is_some();
            let kind = if takes_self { Kind::Method } else { Kind::Function };
            Item {
                detail: signature(&one.sig),
                ..entry(kind, one, &one.sig.ident, &one.vis)
            }
        }
        syn::ImplItem::Const(one) => entry(Kind::Constant, one, &one.ident, &one.vis),
        syn::ImplItem::Type(one) => entry(Kind::Type, one, &one.ident, &one.vis),
        _ => return None,
    })
}

fn variant(one: &syn::Variant) -> Item {
    Item {
        children: fields(&one.fields),
        ..entry(Kind::Variant, one, &one.ident, &syn::Visibility::Inherited)
    }
}

fn fields(all: &syn::Fields) -> Vec<Item> {
    all.iter().filter_map(field).collect()
}

/// A field with a name.
fn field(one: &syn::Field) -> Option<Item> {
    Some(Item {
        detail: plain(&one.ty),
        ..entry(Kind::Field, one, one.ident.as_ref()?, &one.vis)
    })
}

/// `(a: f64, b: &str) -> u32`
fn signature(sig: &syn::Signature) -> String {
    let inputs: Vec<_> = sig.inputs.iter().map(plain).collect();
    let output = match &sig.output {
        syn::ReturnType::Default => String::new(),
        syn::ReturnType::Type(_, ty) => format!(" -> {}", plain(ty)),
    };
    format!("({}){output}", inputs.join(", "))
}

/// Tokens as they are usually written, without most of the spaces between them.
fn plain(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, usual) in [
        (" :: ", "::"),
        (" < ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ,", ","),
        (" :", ":"),
        ("[ ", "["),
        (" ]", "]"),
        (" ;", ";"),
        ("( ", "("),
        (" )", ")"),
        (" (", "("),
        ("- >", "->"),
        ("->", " ->"),
    ] {
        text = text.replace(spaced, usual);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_items_with_their_places() {
        let source = "\n/// Adds.\npub fn add(a: f64, b: &Vec<f64>) -> f64 { a }\nmod inner { pub struct P { pub x: [u8; 4] } }\n\
                      impl inner::P { fn new() -> Self { todo!() } fn x(&self) {} }\nenum E { A, B { at: u32 } }";
        let Outline { items, error } = outline(source);
        assert!(error.is_none());
        let shown: Vec<_> = items.iter().map(|one| (one.kind, one.name.as_str())).collect();
        assert_eq!(
            shown,
            [
                (Kind::Function, "add"),
                (Kind::Module, "inner"),
                (Kind::Impl, "impl inner::P"),
                (Kind::Enum, "E")
            ]
        );
        assert_eq!(items[0].detail, "(a: f64, b: &Vec<f64>) -> f64");
        assert!(items[0].public && !items[1].public);
        assert_eq!(
            items[0].name_place,
            Place {
                line: 3,
                column: 8,
                end_line: 3,
                end_column: 11
            }
        );
        assert_eq!(items[0].place.line, 2);
        assert_eq!(items[1].children[0].children[0].detail, "[u8; 4]");
        let members: Vec<_> = items[2].children.iter().map(|one| one.kind).collect();
        assert_eq!(members, [Kind::Function, Kind::Method]);
        assert_eq!(items[3].children[1].children[0].name, "at");
    }

    #[test]
    fn says_where_it_is_no_rust() {
        let Outline { items, error } = outline("\npub fn f() {\n    let x = ;\n}");
        assert!(items.is_empty());
        let error = error.expect("an error");
        assert_eq!((error.place.line, error.place.column), (3, 13));
        assert_eq!(error.message, "expected an expression");
    }
}
