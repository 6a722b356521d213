//! From a cell's text to what it exports, and to what cannot be exported and what to write instead.

use proc_macro2::Span;
use quote::ToTokens;
use serde::Serialize;
use syn::spanned::Spanned;

use crate::types::{Function, Number, Parameter, Type};

#[derive(Debug, Default, Serialize)]
pub struct Exports {
    pub functions: Vec<Function>,
    pub problems: Vec<Problem>,
    /// The text is not Rust: the compiler's own message says it best.
    pub broken: bool,
}

/// Something public that has no mapping, at its place in the cell's file.
#[derive(Debug, Serialize)]
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

/// What a cell's text exports.
pub fn parse(source: &str) -> Exports {
    let Ok(file) = syn::parse_file(source) else {
        return Exports {
            broken: true,
            ..Exports::default()
        };
    };
    let mut exports = Exports::default();
    for item in &file.items {
        if let syn::Item::Fn(function) = item {
            if matches!(function.vis, syn::Visibility::Public(_)) {
                match read_function(function) {
                    Ok(function) => exports.functions.push(function),
                    Err(problems) => exports.problems.extend(problems),
                }
            }
        }
    }
    exports
}

fn read_function(item: &syn::ItemFn) -> Result<Function, Vec<Problem>> {
    let signature = &item.sig;
    let mut problems = Vec::new();
    for generic in &signature.generics.params {
        if !matches!(generic, syn::GenericParam::Lifetime(_)) {
            problems.push(problem(
                generic,
                "A generic function has no one type to call it with.",
                "Write a function for the type you need, and let it call this one without `pub`.",
            ));
        }
    }
    if let Some(token) = &signature.asyncness {
        problems.push(problem(
            token,
            "An async function needs a runtime, which cells do not have.",
            "Write a plain `pub fn`; calling it as `name.async(…)` runs it on another thread.",
        ));
    }
    if let Some(token) = &signature.unsafety {
        problems.push(problem(
            token,
            "An unsafe function cannot be called from the notebook: nobody there can keep its promise.",
            "Write a safe `pub fn` around it that checks what it needs.",
        ));
    }
    let mut parameters = Vec::new();
    for input in &signature.inputs {
        match input {
            syn::FnArg::Receiver(receiver) => {
                problems.push(problem(receiver, "A free function has no self.", "Remove it."));
            }
            syn::FnArg::Typed(input) => match read_type(&input.ty, Place::Argument) {
                Ok(ty) => parameters.push(Parameter {
                    name: parameter_name(&input.pat, parameters.len()),
                    ty,
                }),
                Err(found) => problems.push(*found),
            },
        }
    }
    let (returns, fallible) = match read_return(&signature.output) {
        Ok(read) => read,
        Err(found) => {
            problems.push(*found);
            (Type::Unit, false)
        }
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Function {
        name: signature.ident.to_string(),
        doc: doc_comment(&item.attrs),
        parameters,
        returns,
        fallible,
        line: signature.ident.span().start().line,
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Argument,
    /// Inside an argument: `Vec<…>`, `Option<…>`.
    Nested,
    Result,
}

fn read_return(output: &syn::ReturnType) -> Result<(Type, bool), Box<Problem>> {
    let syn::ReturnType::Type(_, ty) = output else {
        return Ok((Type::Unit, false));
    };
    if let Some(("Result", arguments)) = generic(ty) {
        if let Some(value) = arguments.first() {
            return Ok((read_type(value, Place::Result)?, true));
        }
    }
    Ok((read_type(ty, Place::Result)?, false))
}

fn read_type(ty: &syn::Type, place: Place) -> Result<Type, Box<Problem>> {
    match ty {
        syn::Type::Paren(inner) => read_type(&inner.elem, place),
        syn::Type::Group(inner) => read_type(&inner.elem, place),
        syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Ok(Type::Unit),
        syn::Type::Tuple(tuple) => {
            let place = nested(place);
            let elements: Result<_, _> = tuple
                .elems
                .iter()
                .map(|element| read_type(element, place))
                .collect();
            Ok(Type::Tuple { elements: elements? })
        }
        syn::Type::Reference(reference) => read_reference(reference, place),
        syn::Type::Path(_) => read_path(ty, place),
        _ => Err(unknown(ty)),
    }
}

fn read_path(ty: &syn::Type, place: Place) -> Result<Type, Box<Problem>> {
    if let Some((name, arguments)) = generic(ty) {
        return match (name, arguments.as_slice()) {
            ("Vec", [element]) => Ok(Type::Vec {
                element: Box::new(read_type(element, nested(place))?),
            }),
            ("Option", [inner]) => Ok(Type::Option {
                inner: Box::new(read_type(inner, nested(place))?),
            }),
            _ => Err(unknown(ty)),
        };
    }
    let Some(name) = last_name(ty) else {
        return Err(unknown(ty));
    };
    if let Some(name) = Number::from_name(&name) {
        return Ok(Type::Number { name });
    }
    match name.as_str() {
        "bool" => Ok(Type::Bool),
        "char" => Ok(Type::Char),
        "String" => Ok(Type::String),
        _ => Err(unknown(ty)),
    }
}

fn read_reference(reference: &syn::TypeReference, place: Place) -> Result<Type, Box<Problem>> {
    if place == Place::Result {
        return Err(Box::new(problem(
            reference,
            "A result cannot be borrowed: what it points into ends with the call.",
            "Return an owned value: String instead of &str, Vec<T> instead of &[T].",
        )));
    }
    if place == Place::Nested {
        return Err(Box::new(problem(
            reference,
            "A reference inside another type does not cross.",
            "Take the owned type: Vec<String>, Option<String>, Vec<Vec<f64>>.",
        )));
    }
    let mutable = reference.mutability.is_some();
    match &*reference.elem {
        syn::Type::Slice(slice) => match last_name(&slice.elem).and_then(|name| Number::from_name(&name)) {
            Some(element) if element.array_width().is_some() => Ok(Type::Slice { element, mutable }),
            _ => Err(Box::new(problem(
                reference,
                "Only slices of numbers that have a typed array are lent to Rust.",
                "Take a Vec<T>, or a slice of one of i8 to i64, u8 to u64, f32, f64.",
            ))),
        },
        other if !mutable && last_name(other).as_deref() == Some("str") => Ok(Type::Str),
        _ => Err(Box::new(problem(
            reference,
            "This reference has no counterpart in the notebook.",
            "Take the value itself, &str, or a slice of numbers.",
        ))),
    }
}

fn nested(place: Place) -> Place {
    if place == Place::Result {
        Place::Result
    } else {
        Place::Nested
    }
}

/// The last segment's name and its type arguments, where it has any: `std::vec::Vec<f64>` is `("Vec", [f64])`.
fn generic(ty: &syn::Type) -> Option<(&'static str, Vec<&syn::Type>)> {
    let syn::Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    let name = ["Vec", "Option", "Result"]
        .into_iter()
        .find(|name| segment.ident == name)?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    Some((name, types.collect()))
}

fn last_name(ty: &syn::Type) -> Option<String> {
    let syn::Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    segment.arguments.is_none().then(|| segment.ident.to_string())
}

fn parameter_name(pattern: &syn::Pat, index: usize) -> String {
    match pattern {
        syn::Pat::Ident(name) => name.ident.to_string().trim_start_matches('_').to_string(),
        _ => format!("argument{}", index + 1),
    }
}

fn doc_comment(attributes: &[syn::Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => {
                let text = text.value();
                Some(text.strip_prefix(' ').unwrap_or(&text).to_string())
            }
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn unknown(ty: &syn::Type) -> Box<Problem> {
    Box::new(problem(
        ty,
        "This type has no counterpart in the notebook.",
        "Use numbers, bool, char, String, &str, slices of numbers, Vec, Option, tuples or Result, or make the function private.",
    ))
}

fn problem(place: &(impl ToTokens + Spanned), message: &str, instead: &str) -> Problem {
    let span: Span = place.span();
    Problem {
        line: span.start().line,
        column: span.start().column + 1,
        end_line: span.end().line,
        end_column: span.end().column + 1,
        found: place.to_token_stream().to_string(),
        message: message.into(),
        instead: instead.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(source: &str) -> Function {
        let exports = parse(source);
        assert!(exports.problems.is_empty(), "{:?}", exports.problems);
        exports.functions.into_iter().next().expect("a function")
    }

    #[test]
    fn reads_a_signature_with_its_doc_comment() {
        let function = one("//\n/// Adds.\n/// Wraps never.\npub fn add(a: i32, _b: &mut [f64]) -> Option<Vec<String>> { None }");
        assert_eq!(function.doc, "Adds.\nWraps never.");
        assert_eq!(function.line, 4);
        assert_eq!(function.parameters[1].name, "b");
        assert_eq!(
            function.parameters[1].ty,
            Type::Slice {
                element: Number::F64,
                mutable: true
            }
        );
        let strings = Type::Vec {
            element: Box::new(Type::String),
        };
        assert_eq!(
            function.returns,
            Type::Option {
                inner: Box::new(strings)
            }
        );
    }

    #[test]
    fn takes_the_value_out_of_a_result() {
        let function = one("pub fn f() -> std::io::Result<u64> { Ok(1) }");
        assert!(function.fallible);
        assert_eq!(function.returns, Type::Number { name: Number::U64 });
    }

    #[test]
    fn leaves_private_functions_alone() {
        assert!(parse("fn hidden<T>(x: T) {} pub(crate) fn half() {}")
            .functions
            .is_empty());
    }

    #[test]
    fn says_where_and_what_instead() {
        let exports =
            parse("pub fn f<T>(x: T) {}\npub fn g(x: &str) -> &str { x }\npub fn h(x: &[usize]) {}");
        let places: Vec<_> = exports.problems.iter().map(|p| (p.line, p.column)).collect();
        assert_eq!(places, [(1, 10), (1, 16), (2, 22), (3, 13)]);
        assert!(exports.problems.iter().all(|p| !p.instead.is_empty()));
    }

    #[test]
    fn leaves_broken_text_to_the_compiler() {
        assert!(parse("pub fn f( {").broken);
    }
}
