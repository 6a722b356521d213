//! `f.async(…)`: the call runs on another thread; arguments are copied first, the event loop stays free. What waits for a
//! channel has a thread of its own: the pool's few must stay free for work.

use std::sync::atomic::Ordering;
use std::thread::Builder;

use napi::sys;
use tandem_cell_host::library::Outcome;

use crate::failure::Failure;
use crate::later::{self, Later, Pending};
use crate::{calls, mailbox, pool};

pub unsafe extern "C" fn call(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: this callback's own parameters.
    unsafe { later::promise(env, info, start) }
}

fn start(env: sys::napi_env, pending: Box<Pending>) -> Result<(), Failure> {
    let mailbox = pending.mailbox.clone();
    let waits = pending.later.function.waits;
    let work = move || {
        let outcome = run(&pending.later);
        pending.ended(outcome);
    };
    let started = if waits {
        Builder::new().name("rust channel".into()).spawn(work).map(drop)
    } else {
        pool::run(Box::new(work))
    };
    started.map_err(|error| {
        mailbox::let_go(env, &mailbox);
        Failure::Error {
            code: "RUST_HOST",
            text: format!("No thread could be started for the call: {error}."),
        }
    })
}

fn run(later: &Later) -> Outcome {
    let _noted = calls::elsewhere(later.function);
    // SAFETY: it has an owner until the call has ended.
    let given_up = unsafe { later.cancel.as_ref() }.is_some_and(|one| one.cancelled.load(Ordering::SeqCst));
    if given_up {
        return Outcome::Cancelled;
    }
    // SAFETY: a slot for each parameter; what they point to are copies of this call's own.
    unsafe {
        later
            .function
            .loaded
            .call_cancellable(later.arguments(), later.cancel)
    }
}
