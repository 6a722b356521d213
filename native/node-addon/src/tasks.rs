//! `async fn`s: each call is a task of the cell's runtime and a promise here.

use std::sync::Arc;

use napi::sys;
use tandem_cell_host::abi::{Slot, Start};
use tandem_cell_host::library::Outcome;
use tandem_cell_host::panics;

use crate::cancel;
use crate::failure::Failure;
use crate::functions::{ended, settle};
use crate::later::{self, Later};
use crate::mailbox::{self, Mailbox};

struct Task {
    later: Later,
    mailbox: Arc<Mailbox>,
}

pub unsafe extern "C" fn call(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: this callback's own parameters.
    unsafe { later::promise(env, info, start) }
}

fn start(env: sys::napi_env, later: Later) -> Result<(), Failure> {
    let mailbox = mailbox::here(env)?;
    mailbox::hold(env, &mailbox);
    let (loaded, cancel) = (&later.function.loaded, later.cancel);
    let task = Box::into_raw(Box::new(Task { later, mailbox }));
    let begin = Start {
        context: task as u64,
        complete,
        watch: panics::watch,
        cancel,
    };
    // SAFETY: the slots and all that they point to live in the task, until `finish`; so does what gives it up.
    let refused = unsafe { loaded.start((*task).later.arguments(), &begin) };
    if let Some(outcome) = refused {
        // SAFETY: it was not started: nobody else has it.
        finish(env, unsafe { Box::from_raw(task) }, outcome);
    }
    Ok(())
}

/// A task's end, told by the thread that ran its last step.
unsafe extern "C" fn complete(context: u64, status: i32, slot: Slot) {
    // SAFETY: `start` gave it, and the end is told once.
    let task = unsafe { &*(context as *const Task) };
    // Here, since the place of a panic is remembered by the thread that panicked.
    let outcome = task.later.function.loaded.outcome(status, slot);
    task.mailbox.clone().post(Box::new(move |env| {
        // SAFETY: as above; it is taken back once.
        let task = unsafe { Box::from_raw(context as *mut Task) };
        match env {
            Some(env) => finish(env, task, outcome),
            // The environment has ended, and with it all that the task would touch.
            None => std::mem::forget(task),
        }
    }));
}

fn finish(env: sys::napi_env, task: Box<Task>, outcome: Outcome) {
    let Task { later, mailbox } = *task;
    drop(later.arena);
    cancel::end(later.number);
    mailbox::let_go(env, &mailbox);
    settle(env, later.deferred, ended(env, later.function, outcome));
}
