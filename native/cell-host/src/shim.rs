//! The text of the library around a cell: one `extern "C"` function for each export.

use std::fmt::Write;

use crate::types::{Function, Parameter, Type};

/// The ABI's source, compiled beside each shim.
pub const ABI_SOURCE: &str = include_str!("abi.rs");
/// File names in a cell's build folder; the cell's own is what its panics and diagnostics carry.
pub const CELL_FILE: &str = "cell.rs";
pub const ABI_FILE: &str = "tandem_abi.rs";

pub fn entry_symbol(name: &str) -> String {
    format!("tandem_call_{name}")
}

pub fn free_symbol(name: &str) -> String {
    format!("tandem_free_{name}")
}

/// The shim of a cell that exports `functions`. `flush`: whether text that ends without a line feed has to be pushed
/// out after each call, which costs a lock, so only cells that print do it.
pub fn shim(functions: &[Function], flush: bool) -> String {
    let mut text = format!(
        "#![allow(warnings)]\n#[path = \"{ABI_FILE}\"]\nmod tandem_abi;\n#[path = \"{CELL_FILE}\"]\n\
         #[warn(warnings)]\n#[allow(dead_code)]\nmod cell;\nuse tandem_abi::{{guard, report_panics, FromSlot, IntoSlot, OnPanic, Slot}};\n\
         #[no_mangle]\npub extern \"C\" fn tandem_start(on_panic: OnPanic) {{ report_panics(on_panic) }}\n\
         #[no_mangle]\npub unsafe extern \"C\" fn tandem_free_text(slot: Slot) {{ <String as IntoSlot>::free(slot) }}\n"
    );
    for function in functions {
        write_function(&mut text, function, flush).expect("a String takes all text");
    }
    text
}

fn write_function(text: &mut String, function: &Function, flush: bool) -> std::fmt::Result {
    let Function {
        name,
        parameters,
        returns,
        fallible,
        ..
    } = function;
    let returns = returns.rust();
    let arguments: Vec<String> = parameters.iter().enumerate().map(argument).collect();
    let call = format!("cell::{name}({})", arguments.join(", "));
    let value = if *fallible {
        format!("{call}.map_err(|error| {{ use tandem_abi::{{ByDebug, ByDisplay}}; (&tandem_abi::Shown(error)).text() }})")
    } else {
        format!("Ok({call})")
    };
    let flush = if flush {
        " let _ = std::io::Write::flush(&mut std::io::stdout());"
    } else {
        ""
    };
    let plain = name.trim_start_matches("r#");
    writeln!(
        text,
        "#[no_mangle]\npub unsafe extern \"C\" fn {}(arguments: *const Slot, out: *mut Slot) -> i32 {{ \
         let status = guard::<{returns}>(out, || {value});{flush} status }}\n\
         #[no_mangle]\npub unsafe extern \"C\" fn {}(slot: Slot) {{ <{returns} as IntoSlot>::free(slot) }}",
        entry_symbol(plain),
        free_symbol(plain),
    )
}

fn argument((index, parameter): (usize, &Parameter)) -> String {
    let ty = match &parameter.ty {
        Type::Slice { .. } | Type::Str => format!("<{}>", parameter.ty.rust()),
        other => format!("<{}>", other.rust()),
    };
    format!("{ty}::from_slot(&*arguments.add({index}))")
}

#[cfg(test)]
mod tests {
    use crate::parse::parse;

    #[test]
    fn one_entry_and_one_free_for_each_function() {
        let exports = parse("pub fn add(a: i32, b: &[f64]) -> Result<u64, String> { Ok(0) }");
        let text = super::shim(&exports.functions, false);
        assert!(text.contains("fn tandem_call_add("));
        assert!(text.contains("fn tandem_free_add("));
        assert!(text.contains(
            "cell::add(<i32>::from_slot(&*arguments.add(0)), <&[f64]>::from_slot(&*arguments.add(1)))"
        ));
        assert!(!text.contains("flush("));
    }
}
