//! Results that come piece by piece: `impl Iterator<Item = T>`, `Box<dyn Iterator<Item = T>>`, `Receiver<T>`.

use crate::exports::{Definition, Exports, Function, Parameter, Role, Shape, Source};
use crate::parse::problem::problem;
use crate::parse::types::{type_arguments, Bounds, Context, Place};
use crate::parse::Problem;
use crate::types::{Access, Type};

impl Context<'_> {
    /// A function's result: as any type, or lazy.
    pub(super) fn result(&self, ty: &syn::Type) -> Result<Type, Box<Problem>> {
        match ty {
            syn::Type::ImplTrait(one) => self.iterator(ty, &one.bounds),
            syn::Type::Path(path) => {
                let Some(segment) = path.path.segments.last() else {
                    return self.read(ty, Place::Result);
                };
                match (
                    segment.ident.to_string().as_str(),
                    type_arguments(segment).as_slice(),
                ) {
                    ("Box", [syn::Type::TraitObject(object)]) => self.iterator(ty, &object.bounds),
                    ("Receiver", [item]) => Ok(Type::Lazy {
                        item: Box::new(self.read(item, Place::Result)?),
                        send: true,
                        source: Source::Channel,
                    }),
                    _ => self.read(ty, Place::Result),
                }
            }
            _ => self.read(ty, Place::Result),
        }
    }

    fn iterator(&self, ty: &syn::Type, bounds: &Bounds) -> Result<Type, Box<Problem>> {
        let (mut item, mut send) = (None, false);
        for bound in bounds {
            match bound {
                syn::TypeParamBound::Lifetime(life) if life.ident != "static" => {
                    return Err(Box::new(problem(
                        life,
                        "This iterator borrows from an argument, which is gone when the notebook asks for the next item.",
                        "Take the argument by value (Vec<f64> instead of &[f64]) and leave the lifetime out, or collect into \
                         a Vec.",
                    )))
                }
                syn::TypeParamBound::Trait(one) => {
                    let Some(last) = one.path.segments.last() else { continue };
                    send |= last.ident == "Send";
                    if matches!(last.ident.to_string().as_str(), "Iterator" | "DoubleEndedIterator" | "ExactSizeIterator") {
                        item = item_of(last);
                    }
                }
                _ => {}
            }
        }
        match item {
            Some(item) => Ok(Type::Lazy {
                item: Box::new(self.read(item, Place::Result)?),
                send,
                source: Source::Iterator,
            }),
            None => Err(Box::new(problem(
                ty,
                "Of types that only their traits name, iterators alone have a counterpart in the notebook.",
                "Return impl Iterator<Item = T>, a concrete type, or a std::sync::mpsc::Receiver<T> for what comes over time.",
            ))),
        }
    }
}

/// `Item = T`.
fn item_of(segment: &syn::PathSegment) -> Option<&syn::Type> {
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|one| match one {
        syn::GenericArgument::AssocType(one) if one.ident == "Item" => Some(&one.ty),
        _ => None,
    })
}

/// Gives each lazy result a type of the shim's own, with the functions that ask for the next piece.
pub fn define(exports: &mut Exports) {
    let mut members = Vec::new();
    for function in &mut exports.functions {
        let Type::Lazy { item, send, source } = &function.returns else {
            continue;
        };
        let name = format!("Lazy{}", exports.types.len());
        let path = format!("crate::{name}");
        exports.types.push(Definition {
            name: name.clone(),
            path: path.clone(),
            doc: function.name.clone(),
            line: function.line,
            clone: false,
            shape: Shape::Lazy {
                item: (**item).clone(),
                send: *send,
                source: *source,
            },
        });
        // In a tuple of its own, an item that is None is told from the end.
        let next = Type::Option {
            inner: Box::new(Type::Tuple {
                elements: vec![(**item).clone()],
            }),
        };
        let this = |access| Type::Instance {
            name: function.name.clone(),
            path: path.clone(),
            access,
        };
        let member = |called: &str, returns: Type| Function {
            name: called.into(),
            module: Vec::new(),
            role: Role::Method,
            owner: Some(name.clone()),
            callee: format!("{path}::{called}"),
            doc: String::new(),
            parameters: vec![Parameter {
                name: "self".into(),
                ty: this(Access::Mutable),
            }],
            returns,
            error: None,
            is_async: false,
            line: function.line,
        };
        if *source == Source::Channel {
            let elements = vec![Type::Bool, next.clone()];
            members.push(member("now", Type::Tuple { elements }));
        }
        members.push(member("next", next));
        function.returns = this(Access::Owned);
    }
    exports.functions.extend(members);
}
