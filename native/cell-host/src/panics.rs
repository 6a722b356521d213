//! Where a call panicked: the hook of the cell's library reports it here, on the thread that panics.

use std::cell::{Cell, RefCell};

use crate::abi::OnPanic;

/// A place in a cell's file.
#[derive(Clone, Debug)]
pub struct Place {
    pub file: String,
    pub line: u32,
    pub column: u32,
}

thread_local! {
    static IN_CALL: Cell<bool> = const { Cell::new(false) };
    static LAST: RefCell<Option<Place>> = const { RefCell::new(None) };
}

/// Runs a call of a cell: a panic on this thread is kept for `take`, not printed.
pub fn watched<R>(call: impl FnOnce() -> R) -> R {
    let before = IN_CALL.replace(true);
    let result = call();
    IN_CALL.set(before);
    result
}

/// The place of the last panic on this thread, once.
pub fn take() -> Option<Place> {
    LAST.take()
}

/// Handed to each library at its start.
pub const ON_PANIC: OnPanic = on_panic;

unsafe extern "C" fn on_panic(file: *const u8, file_length: usize, line: u32, column: u32) -> bool {
    if !IN_CALL.get() {
        return false;
    }
    // SAFETY: the cell's hook lends a text of this length for the call.
    let file = unsafe { std::slice::from_raw_parts(file, file_length) };
    LAST.set(Some(Place {
        file: String::from_utf8_lossy(file).into_owned(),
        line,
        column,
    }));
    true
}
