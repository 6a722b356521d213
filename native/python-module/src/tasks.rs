//! `async fn`s: started on Rust's own threads, which hand the end to the event loop that waits.

use std::ptr::null;

use pyo3::prelude::*;
use pyo3::types::PyTuple;
use tandem_cell_host::abi::{Slot, Start};
use tandem_cell_host::library::Outcome;
use tandem_cell_host::panics;

use crate::arguments::Arena;
use crate::functions::{self, CellFunction, Values, MOST_PARAMETERS};

/// A task that has been started.
struct Pending {
    function: &'static CellFunction,
    /// Called with the value and None, or None and the exception, on the thread where the task ended.
    done: Py<PyAny>,
    start: Start,
    arena: Arena,
    slots: Box<[Slot; MOST_PARAMETERS]>,
}

/// Starts an `async fn`. What it raises was raised before it started.
pub fn start(
    function: &'static CellFunction,
    arguments: &Bound<'_, PyTuple>,
    done: Bound<'_, PyAny>,
) -> PyResult<()> {
    let py = arguments.py();
    let given: Vec<Bound<'_, PyAny>> = arguments.iter().collect();
    let pointers: Vec<_> = given.iter().map(Bound::as_ptr).collect();
    let values = Values {
        values: &pointers,
        positional: pointers.len(),
        names: std::ptr::null_mut(),
    };
    let mut pending = Box::new(Pending {
        function,
        done: done.unbind(),
        start: Start {
            context: 0,
            complete,
            watch: panics::watch,
            cancel: null(),
        },
        arena: Arena::default(),
        slots: Box::new([Slot::default(); MOST_PARAMETERS]),
    });
    functions::read(
        py,
        function,
        &values,
        true,
        &mut pending.arena,
        &mut pending.slots,
    )?;
    pending.arena.give_away();
    let count = function.loaded.signature.parameters.len();
    let pending = Box::into_raw(pending);
    // SAFETY: just made; `complete` takes it back, once.
    let task = unsafe {
        (*pending).start.context = pending as u64;
        &*pending
    };
    // SAFETY: the slots are by the parameters' types, and live with `pending` until the task is complete.
    match unsafe { function.loaded.start(&task.slots[..count], &task.start) } {
        None => Ok(()),
        Some(outcome) => {
            // SAFETY: it was not started, so nobody else takes it back.
            drop(unsafe { Box::from_raw(pending) });
            functions::ended(py, function, outcome, None).map(drop)
        }
    }
}

unsafe extern "C" fn complete(context: u64, status: i32, slot: Slot) {
    // SAFETY: `start` made it; it is told once.
    let pending = unsafe { Box::from_raw(context as *mut Pending) };
    let mut pending = Some(pending);
    Python::try_attach(|py| {
        let Some(pending) = pending.take() else { return };
        let function = pending.function;
        let outcome: Outcome = function.loaded.outcome(status, slot);
        let told = match functions::ended(py, function, outcome, None) {
            Ok(value) => pending.done.call1(py, (value, py.None())),
            Err(error) => pending.done.call1(py, (py.None(), error.into_value(py))),
        };
        if let Err(error) = told {
            error.write_unraisable(py, None);
        }
    });
    // The interpreter has ended: what it held ends with the process.
    std::mem::forget(pending);
}
