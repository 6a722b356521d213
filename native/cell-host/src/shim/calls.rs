//! The entry that calls one exported function.

use std::fmt::{Result, Write};

use crate::exports::{Function, Role, Thrown};
use crate::shim::values::stored;
use crate::shim::{entry_symbol, free_error_symbol, free_symbol, start_symbol};
use crate::types::{Access, Callback, Held, Type};

pub fn write(text: &mut String, index: usize, function: &Function, flush: bool) -> Result {
    let returns = stored(&function.returns);
    let error = match &function.error {
        Some(Thrown::Data { value }) => stored(value),
        _ => "Never".into(),
    };
    if function.is_async {
        // The arguments are read here, where their slots are; the rest is a task.
        let leaf = format!(
            "abi::tasks::start::<{returns}, {error}>(start, async move {{ {} }}, TASKS)",
            ended(function)
        );
        writeln!(
            text,
            "#[no_mangle]\npub unsafe extern \"C\" fn {}(arguments: *const Slot, start: *const abi::Start, out: *mut Slot) -> i32 {{ \
             guard::<(), Never>(out, || {{ {}; Ended::Value(()) }}) }}",
            start_symbol(index),
            body(function, 0, &leaf),
        )?;
    } else {
        let flush = if flush {
            " let _ = std::io::Write::flush(&mut std::io::stdout());"
        } else {
            ""
        };
        writeln!(
            text,
            "#[no_mangle]\npub unsafe extern \"C\" fn {}(arguments: *const Slot, out: *mut Slot) -> i32 {{ \
             let status = guard::<{returns}, {error}>(out, || {{ {} }});{flush} status }}",
            entry_symbol(index),
            body(function, 0, &ended(function)),
        )?;
    }
    writeln!(
        text,
        "#[no_mangle]\npub unsafe extern \"C\" fn {}(slot: Slot) {{ <{returns} as IntoSlot>::free(slot) }}",
        free_symbol(index),
    )?;
    if let Some(Thrown::Data { .. }) = function.error {
        writeln!(
            text,
            "#[no_mangle]\npub unsafe extern \"C\" fn {}(slot: Slot) {{ <(String, {error}) as IntoSlot>::free(slot) }}",
            free_error_symbol(index),
        )?;
    }
    Ok(())
}

/// Reads the arguments from `index` on and does `leaf` with them.
fn body(function: &Function, index: usize, leaf: &str) -> String {
    let Some(parameter) = function.parameters.get(index) else {
        return leaf.to_string();
    };
    let rest = body(function, index + 1, leaf);
    let slot = format!("&*arguments.add({index})");
    match &parameter.ty {
        Type::Dyn { path, access, .. } => {
            let name = if *access == Access::Mutable {
                "dynamic_mut"
            } else {
                "dynamic"
            };
            format!("let a{index} = abi::{name}::<dyn {path}>({slot}); {rest}")
        }
        // One call for each class that may come, so that each is compiled for its own type.
        Type::Impl {
            implementors, access, ..
        } => {
            let arms: String = implementors
                .iter()
                .enumerate()
                .map(|(position, path)| {
                    let ty = format!("{}{path}", access.sigil());
                    format!("{position} => {{ let a{index} = <{ty}>::from_slot({slot}); {rest} }} ")
                })
                .collect();
            format!("match (*arguments.add({index})).b {{ {arms} _ => panic!(\"no such class\") }}")
        }
        Type::Callback(callback) => format!(
            "let c{index} = abi::Callback::from_slot({slot}); let mut a{index} = {}; {rest}",
            closure(callback, index)
        ),
        ty => format!("let a{index} = <{}>::from_slot({slot}); {rest}", ty.rust()),
    }
}

/// A closure that calls the notebook's function, with its parameters' types as the cell writes them.
fn closure(callback: &Callback, index: usize) -> String {
    let (mut parameters, mut values, mut types) = (String::new(), String::new(), String::new());
    for (position, ty) in callback.parameters.iter().enumerate() {
        let written = match ty {
            Type::Str => "&str".into(),
            Type::Slice { .. } => ty.rust(),
            other => stored(other),
        };
        let (value, owned) = match ty {
            Type::Str => (
                format!("::std::string::String::from(p{position})"),
                "::std::string::String".into(),
            ),
            Type::Slice { element, .. } => (
                format!("p{position}.to_vec()"),
                format!("::std::vec::Vec<{}>", element.name()),
            ),
            other => (format!("p{position}"), stored(other)),
        };
        parameters.push_str(&format!("p{position}: {written}, "));
        values.push_str(&format!("{value}, "));
        types.push_str(&format!("{owned}, "));
    }
    let returns = callback.returns.rust();
    if callback.fallible {
        return format!("move |{parameters}| c{index}.call_fallible::<({types}), {returns}, _>(({values}))");
    }
    format!("move |{parameters}| c{index}.call::<({types}), {returns}>(({values}))")
}

fn ended(function: &Function) -> String {
    let call = call(function);
    let error = match &function.error {
        None => return format!("Ended::Value({})", whole(function, &call)),
        Some(Thrown::Text) => "Ended::Text(text)",
        Some(Thrown::Data { .. }) => "Ended::Thrown(text, error)",
    };
    format!(
        "match {call} {{ Ok(value) => Ended::Value({}), Err(error) => {{ \
         let text = {{ use abi::{{ByDebug, ByDisplay, ByName}}; (&&&abi::Shown(&error)).text() }}; {error} }} }}",
        whole(function, "value")
    )
}

/// The value that crosses: a lazy result in the type that was made for it.
fn whole(function: &Function, value: &str) -> String {
    match &function.returns {
        Type::Instance { path, .. } if path.starts_with("crate::Lazy") => format!("{path}::of({value})"),
        _ => value.to_string(),
    }
}

fn call(function: &Function) -> String {
    let callee = &function.callee;
    match function.role {
        Role::Constant => callee.clone(),
        Role::Getter => format!("a0.{callee}.clone()"),
        Role::Setter => format!("a0.{callee} = a1"),
        _ => {
            let list: Vec<_> = function.parameters.iter().enumerate().map(argument).collect();
            let wait = if function.is_async { ".await" } else { "" };
            format!("{callee}({}){wait}", list.join(", "))
        }
    }
}

fn argument((index, parameter): (usize, &crate::exports::Parameter)) -> String {
    match &parameter.ty {
        Type::Ref { .. } => format!("&a{index}"),
        Type::Callback(callback) => match callback.held {
            Held::Value => format!("a{index}"),
            Held::Ref => format!("&a{index}"),
            Held::Mut => format!("&mut a{index}"),
            Held::Box => format!("::std::boxed::Box::new(a{index})"),
            Held::Arc => format!("::std::sync::Arc::new(a{index})"),
            Held::Rc => format!("::std::rc::Rc::new(a{index})"),
        },
        _ => format!("a{index}"),
    }
}
