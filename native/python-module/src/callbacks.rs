//! Python's functions as Rust calls them, from any thread: each call attaches to the interpreter.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::Mutex;

use pyo3::prelude::*;
use pyo3::types::PyTuple;
use tandem_cell_host::abi::{Answer, CallbackTable, Slot, DONE, THREW};
use tandem_cell_host::types::Callback;

use crate::arguments::{Arena, Reader};
use crate::functions::Cell;
use crate::results::Writer;

/// A function that Rust holds.
struct Held {
    function: Py<PyAny>,
    /// `each: visit`, for messages.
    name: String,
    callback: Callback,
    cell: &'static Cell,
}

/// How many functions Rust holds: while it holds any, a call may run Python.
static LIVE: AtomicUsize = AtomicUsize::new(0);

#[inline]
pub fn any() -> bool {
    LIVE.load(Ordering::Relaxed) > 0
}

static TABLE: CallbackTable = CallbackTable { call, end, release };

/// The slot of a function, whose owner has to `release` it.
pub fn hold(function: &Bound<'_, PyAny>, callback: &Callback, cell: &'static Cell, name: String) -> Slot {
    let held = Box::new(Held {
        function: function.clone().unbind(),
        name,
        callback: callback.clone(),
        cell,
    });
    LIVE.fetch_add(1, Ordering::SeqCst);
    Slot {
        a: Box::into_raw(held) as u64,
        b: &raw const TABLE as u64,
    }
}

/// Lets go of a function that no call has taken over.
pub fn drop_held(id: u64) {
    // SAFETY: the caller owns it.
    unsafe { release(id) }
}

unsafe extern "C" fn release(id: u64) {
    LIVE.fetch_sub(1, Ordering::SeqCst);
    // SAFETY: `hold` made it, and its one owner gives it back once.
    let held = unsafe { Box::from_raw(id as *mut Held) };
    // Where the interpreter ends it is left to the end of the process.
    let mut held = Some(held);
    Python::try_attach(|_| drop(held.take()));
    std::mem::forget(held);
}

/// What an answer's slot points to.
enum Kept {
    Values(#[allow(dead_code)] Arena),
    Text(#[allow(dead_code)] String),
}

unsafe extern "C" fn end(kept: u64) {
    // SAFETY: `call` made it; it is freed once.
    let kept = unsafe { Box::from_raw(kept as *mut Kept) };
    let mut kept = Some(kept);
    Python::try_attach(|_| drop(kept.take()));
    std::mem::forget(kept);
}

/// Exceptions on their way through Rust, the latest last.
static PASSING: Mutex<VecDeque<(u64, String, PyErr)>> = Mutex::new(VecDeque::new());
const REMEMBERED: usize = 16;

/// The exception that Rust knows by this number.
pub fn take(id: u64) -> Option<PyErr> {
    let mut passing = PASSING.lock().unwrap_or_else(|broken| broken.into_inner());
    let at = passing.iter().rposition(|(one, ..)| *one == id)?;
    passing.remove(at).map(|(_, _, error)| error)
}

/// The latest exception whose text is in this one: Rust has made it its own `Err`, or panicked with it.
pub fn cause(text: &str) -> Option<PyErr> {
    let mut passing = PASSING.lock().unwrap_or_else(|broken| broken.into_inner());
    let at = passing
        .iter()
        .rposition(|(_, one, _)| !one.is_empty() && text.contains(one.as_str()))?;
    passing.remove(at).map(|(_, _, error)| error)
}

unsafe extern "C" fn call(id: u64, arguments: *mut Slot, count: usize, answer: *mut Answer) -> i32 {
    // SAFETY: the cell's `Callback` owns it, and this call borrows that.
    let held = unsafe { &*(id as *const Held) };
    // SAFETY: a local of the caller's.
    let answer = unsafe { &mut *answer };
    // SAFETY: a tuple's slots, for this call.
    let slots = match count {
        0 => &mut [][..],
        // SAFETY: as above.
        count => unsafe { std::slice::from_raw_parts_mut(arguments, count) },
    };
    let done = Python::try_attach(|py| match ask(py, held, slots) {
        Ok((slot, arena)) => {
            answer.slot = slot;
            answer.kept = Box::into_raw(Box::new(Kept::Values(arena))) as u64;
            DONE
        }
        Err(error) => {
            let text = error
                .value(py)
                .str()
                .map_or(String::new(), |text| text.to_string());
            fail(answer, remember(error, &text), text)
        }
    });
    done.unwrap_or_else(|| fail(answer, 0, "Python has ended".into()))
}

fn ask(py: Python<'_>, held: &Held, slots: &mut [Slot]) -> PyResult<(Slot, Arena)> {
    let mut writer = Writer::new(py, held.cell);
    let values = held.callback.parameters.iter().zip(slots);
    let values: Vec<_> = values
        .map(|(ty, slot)| writer.value(ty, slot))
        .collect::<PyResult<_>>()?;
    let value = held.function.bind(py).call1(PyTuple::new(py, values)?)?;
    let mut arena = Arena::default();
    let mut reader = Reader {
        py,
        cell: held.cell,
        arena: &mut arena,
        copies: true,
        index: 0,
        depth: 0,
    };
    let slot = reader.value(&value, &held.callback.returns, &|| {
        format!("{} answered", held.name)
    })?;
    arena.give_away();
    Ok((slot, arena))
}

fn remember(error: PyErr, text: &str) -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut passing = PASSING.lock().unwrap_or_else(|broken| broken.into_inner());
    if passing.len() == REMEMBERED {
        passing.pop_front();
    }
    passing.push_back((id, text.to_string(), error));
    id
}

fn fail(answer: &mut Answer, error: u64, text: String) -> i32 {
    answer.error = error;
    answer.slot = Slot {
        a: text.as_ptr() as u64,
        b: text.len() as u64,
    };
    answer.kept = Box::into_raw(Box::new(Kept::Text(text))) as u64;
    THREW
}
