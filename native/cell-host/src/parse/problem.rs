//! What has no counterpart in the notebook, at its place, with what to write instead.

use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;

use crate::exports::Problem;

pub fn problem(place: &(impl ToTokens + Spanned), message: &str, instead: &str) -> Problem {
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

pub fn unknown(ty: &syn::Type) -> Box<Problem> {
    Box::new(problem(
        ty,
        "This type has no counterpart in the notebook.",
        "Use numbers, bool, char, String, &str, slices of numbers, Vec, arrays, Option, tuples, HashMap, HashSet, Result, or a \
         `pub struct` or `pub enum` of a cell; or make the function private.",
    ))
}
