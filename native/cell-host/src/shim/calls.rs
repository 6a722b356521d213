//! The entry that calls one exported function.

use std::fmt::{Result, Write};

use crate::exports::{Function, Role, Thrown};
use crate::shim::values::stored;
use crate::shim::{entry_symbol, free_error_symbol, free_symbol};
use crate::types::{Access, Type};

pub fn write(text: &mut String, index: usize, function: &Function, flush: bool) -> Result {
    let returns = stored(&function.returns);
    let error = match &function.error {
        Some(Thrown::Data { value }) => stored(value),
        _ => "Never".into(),
    };
    let flush = if flush {
        " let _ = std::io::Write::flush(&mut std::io::stdout());"
    } else {
        ""
    };
    writeln!(
        text,
        "#[no_mangle]\npub unsafe extern \"C\" fn {}(arguments: *const Slot, out: *mut Slot) -> i32 {{ \
         let status = guard::<{returns}, {error}>(out, || {{ {} }});{flush} status }}\n\
         #[no_mangle]\npub unsafe extern \"C\" fn {}(slot: Slot) {{ <{returns} as IntoSlot>::free(slot) }}",
        entry_symbol(index),
        body(function, 0),
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

/// Reads the arguments from `index` on and calls the function.
fn body(function: &Function, index: usize) -> String {
    let Some(parameter) = function.parameters.get(index) else {
        return ended(function);
    };
    let rest = body(function, index + 1);
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
        ty => format!("let a{index} = <{}>::from_slot({slot}); {rest}", ty.rust()),
    }
}

fn ended(function: &Function) -> String {
    let call = call(function);
    let error = match &function.error {
        None => return format!("Ended::Value({call})"),
        Some(Thrown::Text) => "Ended::Text(text)",
        Some(Thrown::Data { .. }) => "Ended::Thrown(text, error)",
    };
    format!(
        "match {call} {{ Ok(value) => Ended::Value(value), Err(error) => {{ \
         let text = {{ use abi::{{ByDebug, ByDisplay, ByName}}; (&&&abi::Shown(&error)).text() }}; {error} }} }}"
    )
}

fn call(function: &Function) -> String {
    let callee = &function.callee;
    match function.role {
        Role::Constant => callee.clone(),
        Role::Getter => format!("a0.{callee}.clone()"),
        Role::Setter => format!("a0.{callee} = a1"),
        _ => {
            let list: Vec<_> = function.parameters.iter().enumerate().map(argument).collect();
            format!("{callee}({})", list.join(", "))
        }
    }
}

fn argument((index, parameter): (usize, &crate::exports::Parameter)) -> String {
    match parameter.ty {
        Type::Ref { .. } => format!("&a{index}"),
        _ => format!("a{index}"),
    }
}
