//! `async fn`s: each call is a task of the cell's runtime and a promise here.

use napi::sys;
use tandem_cell_host::abi::{Slot, Start};
use tandem_cell_host::panics;

use crate::failure::Failure;
use crate::later::{self, Pending};

pub unsafe extern "C" fn call(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: this callback's own parameters.
    unsafe { later::promise(env, info, start) }
}

fn start(env: sys::napi_env, pending: Box<Pending>) -> Result<(), Failure> {
    let (loaded, cancel) = (&pending.later.function.loaded, pending.later.cancel);
    let task = Box::into_raw(pending);
    let begin = Start {
        context: task as u64,
        complete,
        watch: panics::watch,
        cancel,
    };
    // SAFETY: the slots and all that they point to live in the task, until it is finished; so does what gives it up.
    let refused = unsafe { loaded.start((*task).later.arguments(), &begin) };
    if let Some(outcome) = refused {
        // SAFETY: it was not started: nobody else has it.
        unsafe { Box::from_raw(task) }.finish(env, outcome);
    }
    Ok(())
}

/// A task's end, told by the thread that ran its last step.
unsafe extern "C" fn complete(context: u64, status: i32, slot: Slot) {
    // SAFETY: `start` gave it, and the end is told once.
    let task = unsafe { Box::from_raw(context as *mut Pending) };
    // Here, since the place of a panic is remembered by the thread that panicked.
    let outcome = task.later.function.loaded.outcome(status, slot);
    task.ended(outcome);
}
