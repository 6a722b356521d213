//! What has no counterpart in the notebook, at its place, with what to write instead.

use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;

use crate::exports::Problem;
use crate::parse::types::type_arguments;

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

/// A type that does not cross: why, as far as its looks tell.
pub fn unknown(ty: &syn::Type) -> Box<Problem> {
    let (message, instead) = match ty {
        syn::Type::Ptr(_) => (
            "A raw pointer does not cross: nobody in the notebook can keep what it promises.",
            "Take a slice, &[T] or &mut [T], or a class; return a Vec<T> or a class.",
        ),
        syn::Type::BareFn(_) => (
            "A function pointer has no counterpart: the notebook's functions carry what they use.",
            "Take impl Fn(A) -> R.",
        ),
        syn::Type::TraitObject(_) => (
            "A trait object has no size of its own.",
            "Take &dyn Trait of a `pub trait`; return the concrete type, or an enum of the types it may be.",
        ),
        syn::Type::ImplTrait(_) => (
            "impl Trait stands for one type that the notebook cannot see here.",
            "Take it as a parameter of its own; return impl Iterator<Item = T>, or the concrete type.",
        ),
        syn::Type::Never(_) => (
            "A function that never returns would keep the notebook for ever.",
            "Return (), or loop until tandem::cancelled().",
        ),
        syn::Type::Infer(_) => ("A signature names its types.", "Write the type."),
        syn::Type::Path(path) => return Box::new(unknown_name(ty, path)),
        _ => (PLAIN, INSTEAD),
    };
    Box::new(problem(ty, message, instead))
}

const PLAIN: &str = "This type has no counterpart in the notebook.";
const INSTEAD: &str =
    "Use numbers, bool, char, String, &str, slices of numbers, Vec, arrays, Option, tuples, HashMap, HashSet, Result, impl Fn, or a \
     `pub struct` or `pub enum` of a cell; or make the function private.";

fn unknown_name(ty: &syn::Type, path: &syn::TypePath) -> Problem {
    let Some(last) = path.path.segments.last() else {
        return problem(ty, PLAIN, INSTEAD);
    };
    let lifetime = match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) => arguments
            .args
            .iter()
            .any(|one| matches!(one, syn::GenericArgument::Lifetime(_))),
        _ => false,
    };
    let (message, instead) = match last.ident.to_string().as_str() {
        "Rc" | "Arc" | "Cell" | "RefCell" | "Mutex" | "RwLock" => (
            "What shares or locks stays in Rust.",
            "Take T or &T; keep the shared value in a private field of a class.",
        ),
        "Path" | "PathBuf" | "OsString" | "OsStr" | "Cow" => (
            "The notebook has one type of text.",
            "Take &str and return String: Path::new(text), path.display().to_string(), text.into_owned().",
        ),
        "Duration" | "Instant" | "SystemTime" => (
            "Times have no one counterpart in the notebook.",
            "Use f64 for seconds: Duration::from_secs_f64(x), duration.as_secs_f64().",
        ),
        "VecDeque" | "LinkedList" | "BinaryHeap" => (
            "This collection does not cross.",
            "Collect it into a Vec<T>, or take one.",
        ),
        "Pin" | "Future" | "JoinHandle" => (
            "A future in a result has no runtime.",
            "Write `pub async fn`: its call is a promise.",
        ),
        "Sender" | "SyncSender" => (
            "A channel's sending end stays in Rust.",
            "Take impl Fn(T) + Send to hear from the notebook's side, or return the Receiver<T>.",
        ),
        _ if lifetime => (
            "This type borrows, and what it borrows from ends with the call.",
            "Return a type that owns its parts (String instead of &str), without a lifetime.",
        ),
        _ if !type_arguments(last).is_empty() => (
            "A generic type has no one counterpart in the notebook.",
            "Write a `pub struct` for the types you need: pub struct Pairs(pub Vec<(f64, f64)>).",
        ),
        _ => (PLAIN, INSTEAD),
    };
    problem(ty, message, instead)
}
