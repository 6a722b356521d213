//! From a signature to a function that the host can call.

use crate::exports::{Function, Parameter, Problem, Role, Thrown};
use crate::parse::attributes::doc_comment;
use crate::parse::names::type_of;
use crate::parse::problem::problem;
use crate::parse::types::{bounded, type_arguments, Context, Place};
use crate::types::{Access, Type};

/// What is around a signature.
pub struct Around<'a> {
    pub context: Context<'a>,
    /// The type's name, for methods and associated functions.
    pub owner: Option<String>,
    /// What goes before the function's name in a call: `crate::cell::`, `<crate::cell::Dog as crate::cell::Speak>::`.
    pub prefix: String,
}

pub fn read_function(
    signature: &syn::Signature,
    attributes: &[syn::Attribute],
    around: &mut Around,
) -> Result<Function, Vec<Problem>> {
    let mut problems = refused(signature);
    around.context.generics = bounded(&signature.generics);
    let mut parameters = Vec::new();
    let mut role = if around.owner.is_some() {
        Role::Static
    } else {
        Role::Function
    };
    for input in &signature.inputs {
        let read = match input {
            syn::FnArg::Receiver(receiver) => {
                role = Role::Method;
                read_receiver(receiver, around).map(|ty| ("self".to_string(), ty))
            }
            syn::FnArg::Typed(input) => around
                .context
                .read(&input.ty, Place::Argument)
                .map(|ty| (parameter_name(&input.pat, parameters.len()), ty)),
        };
        match read {
            Ok((name, ty)) => parameters.push(Parameter { name, ty }),
            Err(found) => problems.push(*found),
        }
    }
    let (returns, error) = match read_return(&signature.output, &around.context) {
        Ok(read) => read,
        Err(found) => {
            problems.push(*found);
            (Type::Unit, None)
        }
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Function {
        name: plain(&signature.ident),
        module: around.context.module.to_vec(),
        role,
        owner: around.owner.clone(),
        callee: format!("{}{}", around.prefix, signature.ident),
        doc: doc_comment(attributes),
        parameters,
        returns,
        error,
        is_async: signature.asyncness.is_some(),
        line: signature.ident.span().start().line,
    })
}

/// A Rust name without `r#`.
pub fn plain(name: &syn::Ident) -> String {
    name.to_string().trim_start_matches("r#").to_string()
}

fn refused(signature: &syn::Signature) -> Vec<Problem> {
    let mut problems = Vec::new();
    let traits = bounded(&signature.generics);
    for generic in &signature.generics.params {
        let named = match generic {
            syn::GenericParam::Lifetime(_) => continue,
            syn::GenericParam::Type(parameter) => traits.contains_key(&parameter.ident.to_string()),
            syn::GenericParam::Const(_) => false,
        };
        if !named {
            problems.push(problem(
                generic,
                "A generic function has no one type to call it with.",
                "Write a function for the type you need, and let it call this one without `pub`.",
            ));
        }
    }
    if let Some(token) = &signature.unsafety {
        problems.push(problem(
            token,
            "An unsafe function cannot be called from the notebook: nobody there can keep its promise.",
            "Write a safe `pub fn` around it that checks what it needs.",
        ));
    }
    problems
}

fn read_receiver(receiver: &syn::Receiver, around: &Around) -> Result<Type, Box<Problem>> {
    let context = &around.context;
    let this = context.this.as_ref();
    let Some((name, named)) = this.and_then(|this| Some((this, context.names.get(this)?))) else {
        return Err(Box::new(problem(
            receiver,
            "A free function has no self.",
            "Remove it.",
        )));
    };
    let access = match (&receiver.reference, &receiver.mutability, &receiver.colon_token) {
        (_, _, Some(_)) => {
            return Err(Box::new(problem(
                receiver,
                "This form of self has no counterpart in the notebook.",
                "Take self, &self or &mut self.",
            )))
        }
        (None, ..) => Access::Owned,
        (Some(_), None, _) => Access::Shared,
        (Some(_), Some(_), _) => Access::Mutable,
    };
    type_of(name, named, access).ok_or_else(|| {
        Box::new(problem(
            receiver,
            "The notebook would not see what this method writes: an enum is copied on its way to Rust.",
            "Take self and return the changed value.",
        ))
    })
}

/// The type of the value, and of the error where it is a `Result`.
fn read_return(output: &syn::ReturnType, context: &Context) -> Result<(Type, Option<Thrown>), Box<Problem>> {
    let syn::ReturnType::Type(_, ty) = output else {
        return Ok((Type::Unit, None));
    };
    if let syn::Type::Path(path) = &**ty {
        let segment = path.path.segments.last();
        if let Some(result) = segment.filter(|segment| segment.ident == "Result") {
            let arguments = type_arguments(result);
            if let Some(value) = arguments.first() {
                let thrown = arguments
                    .get(1)
                    .map_or(Thrown::Text, |error| thrown(error, context));
                return Ok((context.result(value)?, Some(thrown)));
            }
        }
    }
    Ok((context.result(ty)?, None))
}

/// An error of the cell's own types crosses with its fields; any other as its text.
fn thrown(error: &syn::Type, context: &Context) -> Thrown {
    match context.read(error, Place::Result) {
        Ok(value @ Type::Data { .. }) => Thrown::Data { value },
        _ => Thrown::Text,
    }
}

fn parameter_name(pattern: &syn::Pat, index: usize) -> String {
    match pattern {
        syn::Pat::Ident(name) => name.ident.to_string().trim_start_matches('_').to_string(),
        _ => format!("argument{}", index + 1),
    }
}
