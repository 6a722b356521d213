//! Results of calls as JavaScript values.

mod blocks;
mod writer;

use napi::sys;
use tandem_cell_host::abi::Slot;
use tandem_cell_host::exports::Thrown;
use tandem_cell_host::types::Type;

use crate::failure::Failure;
use crate::functions::CellFunction;
use blocks::move_out;
use writer::items_mut;
pub use writer::Writer;

type Value = Result<sys::napi_value, Failure>;

/// The value of a call's result, which is freed, or owned by JavaScript's collector from now on.
pub fn take(env: sys::napi_env, function: &'static CellFunction, slot: Slot) -> Value {
    let returns = &function.loaded.signature.returns;
    if let Some(element) = returns.array_element() {
        return move_out(env, element, slot, function.loaded.free_function());
    }
    let writer = Writer::new(env, function.cell);
    let mut slot = slot;
    let value = writer.value(returns, &mut slot);
    if !matches!(
        returns,
        Type::Number { .. } | Type::Bool | Type::Unit | Type::Char
    ) {
        // SAFETY: it is a result of this function, read to the end, and not used again.
        unsafe { function.loaded.free(slot) };
    }
    value
}

/// The error of a call whose `Err` is of the cells' own types: its text, its type's name, and the value's fields.
pub fn thrown(env: sys::napi_env, function: &'static CellFunction, slot: Slot) -> Failure {
    let Some(Thrown::Data { value: ty }) = &function.loaded.signature.error else {
        return Failure::Pending;
    };
    let writer = Writer::new(env, function.cell);
    // SAFETY: a thrown value's slot is that of a pair.
    let pair = unsafe { items_mut::<Slot>(slot) };
    let made = match pair {
        [text, value] => writer.value(&Type::String, text).and_then(|text| {
            let value = writer.value(ty, value)?;
            writer.error(ty, text, value)
        }),
        _ => Err(Failure::Pending),
    };
    // SAFETY: it was read to the end and is freed once.
    unsafe { function.loaded.free_error(slot) };
    made.map_or_else(|failure| failure, Failure::Made)
}
