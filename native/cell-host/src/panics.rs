//! Where a call panicked: the hook of the cell's library reports it here, on the thread that panics.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::sync::Mutex;

use crate::abi::{FromSlot, OnPanic, Slot};

/// A place in a cell's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    pub line: u32,
    pub column: u32,
}

thread_local! {
    static IN_CALL: Cell<bool> = const { Cell::new(false) };
    static LAST: RefCell<Option<Place>> = const { RefCell::new(None) };
}

/// Panics of the cells' own threads, with their messages. Those of a pool are raised again in the call that waits for it.
static ELSEWHERE: Mutex<VecDeque<(String, Place)>> = Mutex::new(VecDeque::new());
const REMEMBERED: usize = 16;

/// Runs a call of a cell: a panic on this thread is kept for `take`, not printed.
pub fn watched<R>(call: impl FnOnce() -> R) -> R {
    let before = IN_CALL.replace(true);
    let result = call();
    IN_CALL.set(before);
    result
}

/// For a task's steps: begins (true) or ends what `watched` does; returns how it was before.
pub extern "C" fn watch(inside: bool) -> bool {
    IN_CALL.replace(inside)
}

/// For a host's own thread, where cells run in calls only: no call has to say so.
pub fn watch_thread() {
    IN_CALL.set(true);
}

/// The place, once, of the last panic on this thread, else of the last one with this message on a thread of the cells'.
pub fn take(message: &str) -> Option<Place> {
    LAST.take().or_else(|| {
        let mut elsewhere = ELSEWHERE.lock().unwrap_or_else(|broken| broken.into_inner());
        let found = elsewhere.iter().rposition(|(text, _)| text == message)?;
        elsewhere.remove(found).map(|(_, place)| place)
    })
}

/// Handed to each library at its start.
pub const ON_PANIC: OnPanic = on_panic;

unsafe extern "C" fn on_panic(message: Slot, file: Slot, line: u32, column: u32) -> bool {
    // SAFETY: the cell's hook lends two texts for the call.
    let (message, file) = unsafe { (String::from_slot(&message), String::from_slot(&file)) };
    let place = Place { file, line, column };
    if IN_CALL.get() {
        LAST.set(Some(place));
        return true;
    }
    let mut elsewhere = ELSEWHERE.lock().unwrap_or_else(|broken| broken.into_inner());
    let panic = (message, place);
    // Cells that share one std have their hooks in a chain, and each of them reports.
    if elsewhere.back() == Some(&panic) {
        return false;
    }
    if elsewhere.len() == REMEMBERED {
        elsewhere.pop_front();
    }
    elsewhere.push_back(panic);
    false
}
