//! `async fn`s: each call is a task of the cell's runtime and a promise here.

use std::ptr::null_mut;
use std::sync::Arc;

use napi::sys;
use tandem_cell_host::abi::{Slot, Start};
use tandem_cell_host::library::Outcome;
use tandem_cell_host::panics;

use crate::arguments::{self, Arena, Lend};
use crate::cancel;
use crate::failure::{check, Failure};
use crate::functions::{called, ended, settle, CellFunction, MOST_PARAMETERS};
use crate::mailbox::{self, Mailbox};

struct Task {
    function: &'static CellFunction,
    slots: [Slot; MOST_PARAMETERS],
    /// Keeps what the slots point to.
    arena: Arena,
    deferred: sys::napi_deferred,
    mailbox: Arc<Mailbox>,
    cancel: u32,
}

pub unsafe extern "C" fn call(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: this callback's own parameters.
    let (function, values, count) = unsafe { called(env, info) };
    let number = cancel::begin();
    match start(env, function, &values, count, number) {
        Ok(promise) => promise,
        Err(failure) => {
            cancel::end(number);
            failure.throw(env);
            null_mut()
        }
    }
}

fn start(
    env: sys::napi_env,
    function: &'static CellFunction,
    values: &[sys::napi_value],
    count: usize,
    number: u32,
) -> Result<sys::napi_value, Failure> {
    if let Some(reason) = &function.stays {
        return Err(Failure::Type(reason.clone()));
    }
    let mut arena = Arena::default();
    let mut slots = [Slot::default(); MOST_PARAMETERS];
    arguments::read(env, function, values, count, Lend::Copy, &mut arena, &mut slots)?;
    let mailbox = mailbox::here(env)?;
    let (mut promise, mut deferred) = (null_mut(), null_mut());
    // SAFETY: `env` is the running one; all results go to locals.
    check(unsafe { sys::napi_create_promise(env, &mut deferred, &mut promise) })?;
    arena.give_away();
    mailbox::hold(env, &mailbox);
    let task = Box::into_raw(Box::new(Task {
        function,
        slots,
        arena,
        deferred,
        mailbox,
        cancel: number,
    }));
    let begin = Start {
        context: task as u64,
        complete,
        watch: panics::watch,
        cancel: cancel::of(number),
    };
    let wanted = function.loaded.signature.parameters.len();
    // SAFETY: the slots and all that they point to live in the task, until `finish`; so does what gives it up.
    let refused = unsafe { function.loaded.start(&(&(*task).slots)[..wanted], &begin) };
    if let Some(outcome) = refused {
        // SAFETY: it was not started: nobody else has it.
        finish(env, unsafe { Box::from_raw(task) }, outcome);
    }
    Ok(promise)
}

/// A task's end, told by the thread that ran its last step.
unsafe extern "C" fn complete(context: u64, status: i32, slot: Slot) {
    // SAFETY: `start` gave it, and the end is told once.
    let task = unsafe { &*(context as *const Task) };
    // Here, since the place of a panic is remembered by the thread that panicked.
    let outcome = task.function.loaded.outcome(status, slot);
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
    let Task {
        function,
        arena,
        deferred,
        mailbox,
        cancel,
        ..
    } = *task;
    drop(arena);
    cancel::end(cancel);
    mailbox::let_go(env, &mailbox);
    settle(env, deferred, ended(env, function, outcome));
}
