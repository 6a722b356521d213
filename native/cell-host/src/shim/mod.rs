//! The text of the library around a cell: one `extern "C"` function for each export.

mod calls;
mod values;

use crate::exports::{Definition, Exports};

/// A cell's own file in its build folder, as its panics and diagnostics carry it.
pub const CELL_FILE: &str = "cell.rs";

/// What runs tasks where no crate of the cell brings a runtime.
pub const PLAIN_TASKS: &str = "::tandem::abi::tasks::run";

/// The symbol that calls function `index` of the exports.
pub fn entry_symbol(index: usize) -> String {
    format!("tandem_call_{index}")
}

/// The symbol that starts the `async fn` `index` of the exports.
pub fn start_symbol(index: usize) -> String {
    format!("tandem_start_{index}")
}

/// The symbol that frees a result of function `index`.
pub fn free_symbol(index: usize) -> String {
    format!("tandem_free_{index}")
}

/// The symbol that frees a thrown value of function `index`, with its text.
pub fn free_error_symbol(index: usize) -> String {
    format!("tandem_free_error_{index}")
}

/// The symbols of class `index` among the exported types: what drops an instance, and what threads may do with one.
pub fn drop_symbol(index: usize) -> String {
    format!("tandem_drop_{index}")
}
pub fn threads_symbol(index: usize) -> String {
    format!("tandem_threads_{index}")
}

/// The symbol that turns an instance of class `index` into a reference to the `position`th of its traits.
pub fn dyn_symbol(index: usize, position: usize) -> String {
    format!("tandem_dyn_{index}_{position}")
}

/// The shim of a cell with these exports. `flush`: whether text that ends without a line feed has to be pushed out after
/// each call, which costs a lock, so only cells that print do it.
/// `tasks`: the function that runs its `async fn`s' tasks: of type `fn(Pin<Box<dyn Future<Output = ()> + Send>>)`.
pub fn shim(exports: &Exports, flush: bool, tasks: &str) -> String {
    let mut text = format!(
        "#![allow(warnings)]\n#[path = \"{CELL_FILE}\"]\n#[warn(warnings)]\n#[allow(dead_code)]\npub mod cell;\n\
         use tandem::abi::{{self, guard, report_panics, Ended, FromSlot, IntoSlot, Never, OnPanic, Slot}};\n\
         #[no_mangle]\npub extern \"C\" fn tandem_start(on_panic: OnPanic) {{ report_panics(on_panic);{} }}\n\
         #[no_mangle]\npub extern \"C\" fn tandem_spans() -> Slot {{ ::tandem::spans::take().into_slot() }}\n\
         #[no_mangle]\npub extern \"C\" fn tandem_clock() -> u64 {{ ::tandem::spans::now() }}\n\
         #[no_mangle]\npub unsafe extern \"C\" fn tandem_free_text(slot: Slot) {{ <String as IntoSlot>::free(slot) }}\n",
        if flush { " ::tandem::display::flush_often();" } else { "" },
    );
    // Writing to a String does not fail.
    // Those of earlier cells have theirs in their own libraries.
    let own = |definition: &Definition| definition.path.starts_with("crate::");
    for (index, definition) in exports.types.iter().enumerate().filter(|(_, one)| own(one)) {
        let _ = values::write(&mut text, index, definition);
    }
    if exports.functions.iter().any(|function| function.is_async) {
        text.push_str(&format!("const TASKS: fn(abi::tasks::Boxed) = {tasks};\n"));
    }
    text.push_str(
        "#[no_mangle]\npub extern \"C\" fn tandem_enter(cancel: *const abi::Cancel) -> *const abi::Cancel { abi::enter(cancel) }\n",
    );
    for (index, function) in exports.functions.iter().enumerate() {
        let _ = calls::write(&mut text, index, function, flush);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::PLAIN_TASKS;
    use crate::parse::{parse, Earlier};

    fn shim(source: &str) -> String {
        super::shim(&parse(source, &Earlier::default()), false, PLAIN_TASKS)
    }

    #[test]
    fn one_entry_and_one_free_for_each_function() {
        let text = shim("pub fn add(a: i32, b: &[f64], c: &Vec<String>) -> Result<u64, String> { Ok(0) }");
        assert!(text.contains("fn tandem_call_0("));
        assert!(text.contains("fn tandem_free_0("));
        assert!(text.contains("let a0 = <i32>::from_slot(&*arguments.add(0));"));
        assert!(text.contains("let a1 = <&[f64]>::from_slot(&*arguments.add(1));"));
        assert!(text.contains("crate::cell::add(a0, a1, &a2)"));
        assert!(!text.contains("flush("));
    }

    #[test]
    fn static_dispatch_covers_each_implementor() {
        let text = shim(
            "pub trait T { fn t(&self) {} } pub struct A; impl T for A {} pub struct B; impl T for B {}
             pub fn f(x: &impl T, y: &impl T) {}",
        );
        assert_eq!(text.matches("crate::cell::f(a0, a1)").count(), 4);
    }
}
