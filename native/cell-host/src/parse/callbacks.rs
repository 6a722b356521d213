//! `impl Fn(A) -> R`, `&dyn Fn`, `Box<dyn FnMut>`, `F: FnOnce()`: functions of the notebook as parameters.

use crate::exports::Problem;
use crate::number::Number;
use crate::parse::problem::problem;
use crate::parse::types::{last_name, type_arguments, Context, Place};
use crate::types::{Callback, Held, Type};

type Found = Result<Option<Type>, Box<Problem>>;

impl Context<'_> {
    /// The callback that bounds name; none where they name no `Fn` trait.
    pub(super) fn callback<'b>(
        &self,
        bounds: impl IntoIterator<Item = &'b syn::TypeParamBound>,
        held: Held,
    ) -> Found {
        let paths: Vec<&syn::Path> = bounds
            .into_iter()
            .filter_map(|bound| match bound {
                syn::TypeParamBound::Trait(one) => Some(&one.path),
                _ => None,
            })
            .collect();
        let last = |path: &syn::Path| path.segments.last().map(|segment| segment.ident.to_string());
        let threads = paths
            .iter()
            .any(|path| matches!(last(path).as_deref(), Some("Send" | "Sync")));
        match paths.into_iter().find(|path| is_function(path)) {
            Some(path) => self.callback_of(path, held, threads).map(Some),
            None => Ok(None),
        }
    }

    /// The callback of one `Fn(A) -> R`.
    fn callback_of(&self, path: &syn::Path, held: Held, threads: bool) -> Result<Type, Box<Problem>> {
        let Some(syn::PathSegment {
            arguments: syn::PathArguments::Parenthesized(signature),
            ..
        }) = path.segments.last()
        else {
            return Err(Box::new(problem(
                path,
                "The notebook's function needs its parameters and its result here.",
                "Write them in parentheses: Fn(f64) -> f64.",
            )));
        };
        if signature.inputs.len() > MOST_PARAMETERS {
            return Err(Box::new(problem(
                path,
                "A callback with more than six parameters does not cross.",
                "Pass a struct or a tuple.",
            )));
        }
        let parameters: Result<Vec<_>, _> = signature.inputs.iter().map(|ty| self.passed(ty)).collect();
        let (returns, fallible) = match &signature.output {
            syn::ReturnType::Default => (Type::Unit, false),
            syn::ReturnType::Type(_, ty) => self.answer(ty)?,
        };
        Ok(Type::Callback(Box::new(Callback {
            parameters: parameters?,
            returns,
            fallible,
            held,
            threads,
        })))
    }

    /// What Rust passes to the notebook's function: copied, so that the function may keep it.
    fn passed(&self, ty: &syn::Type) -> Result<Type, Box<Problem>> {
        let syn::Type::Reference(reference) = ty else {
            return self.read(ty, Place::Result);
        };
        if reference.mutability.is_none() {
            if last_name(&reference.elem).as_deref() == Some("str") {
                return Ok(Type::Str);
            }
            if let syn::Type::Slice(slice) = &*reference.elem {
                let element = last_name(&slice.elem).and_then(|name| Number::from_name(&name));
                if let Some(element) = element.filter(|one| one.array_width().is_some()) {
                    return Ok(Type::Slice {
                        element,
                        mutable: false,
                    });
                }
            }
        }
        Err(Box::new(problem(
            ty,
            "What a callback gets is copied to the notebook; a reference to this would be gone when the callback keeps it.",
            "Pass it by value, or pass &str or a & slice of numbers.",
        )))
    }

    /// What the notebook's function answers, and whether it is inside a `Result`.
    fn answer(&self, ty: &syn::Type) -> Result<(Type, bool), Box<Problem>> {
        let inner = match ty {
            syn::Type::Path(path) => path
                .path
                .segments
                .last()
                .filter(|segment| segment.ident == "Result")
                .and_then(|segment| type_arguments(segment).first().copied()),
            _ => None,
        };
        let returns = self.read(inner.unwrap_or(ty), Place::Nested)?;
        let mut stays = false;
        returns.walk(&mut |one| {
            stays |= matches!(
                one,
                Type::Instance { .. } | Type::Dyn { .. } | Type::Impl { .. } | Type::Callback(_)
            )
        });
        if stays {
            return Err(Box::new(problem(
                ty,
                "A callback cannot hand an instance of a class to Rust.",
                "Let it return numbers, texts, arrays or plain structs, and make the instance in Rust.",
            )));
        }
        Ok((returns, inner.is_some()))
    }
}

/// The prelude's tuples go so far.
const MOST_PARAMETERS: usize = 6;

pub(super) fn is_function(path: &syn::Path) -> bool {
    path.segments
        .last()
        .is_some_and(|last| ["Fn", "FnMut", "FnOnce"].iter().any(|name| last.ident == name))
}
