//! What calls have in common that end after they have returned their promise: `.async` and `async fn`s.

use std::ptr::null_mut;
use std::sync::Arc;

use napi::sys;
use tandem_cell_host::abi::{Cancel, Slot};
use tandem_cell_host::library::Outcome;

use crate::arguments::{self, Arena, Lend};
use crate::cancel;
use crate::expose::called;
use crate::failure::{check, Failure};
use crate::functions::{CellFunction, MOST_PARAMETERS};
use crate::mailbox::{self, Mailbox};
use crate::outcome::{ended, settle};

/// A call whose arguments are read and whose promise is made.
pub struct Later {
    pub function: &'static CellFunction,
    slots: [Slot; MOST_PARAMETERS],
    /// Keeps what the slots point to.
    arena: Arena,
    deferred: sys::napi_deferred,
    /// What it can be given up by: its number, and what Rust sees until `cancel::end`; null where it cannot be.
    number: u32,
    pub cancel: *const Cancel,
}

impl Later {
    /// A slot for each parameter.
    pub fn arguments(&self) -> &[Slot] {
        &self.slots[..self.function.loaded.signature.parameters.len()]
    }
}

/// A call that another thread ends; until then it keeps the event loop alive.
pub struct Pending {
    pub later: Later,
    pub mailbox: Arc<Mailbox>,
}

// SAFETY: other threads read the function and the arguments, which are copies of this call's own. The rest is touched by
// `finish`, on the environment's thread.
unsafe impl Send for Pending {}

impl Pending {
    fn new(env: sys::napi_env, later: Later) -> Result<Box<Pending>, Failure> {
        let mailbox = mailbox::here(env)?;
        mailbox::hold(env, &mailbox);
        Ok(Box::new(Pending { later, mailbox }))
    }

    /// To be told by the thread that the call has ended on.
    pub fn ended(self: Box<Self>, outcome: Outcome) {
        self.mailbox.clone().post(Box::new(move |env| match env {
            Some(env) => self.finish(env, outcome),
            // The environment has ended, and with it all that the call would touch.
            None => std::mem::forget(self),
        }));
    }

    /// Settles the promise, on the environment's thread.
    pub fn finish(self: Box<Self>, env: sys::napi_env, outcome: Outcome) {
        let Pending { later, mailbox } = *self;
        drop(later.arena);
        cancel::end(later.number);
        mailbox::let_go(env, &mailbox);
        settle(env, later.deferred, ended(env, later.function, outcome));
    }
}

/// The whole of a callback: its arguments are copied, since JavaScript goes on, and `start` begins the call. What fails before
/// that is thrown.
///
/// # Safety
/// Called by a callback of `expose::make` with its own parameters.
pub unsafe fn promise(
    env: sys::napi_env,
    info: sys::napi_callback_info,
    start: fn(sys::napi_env, Box<Pending>) -> Result<(), Failure>,
) -> sys::napi_value {
    // SAFETY: the caller's.
    let (function, values, count) = unsafe { called(env, info) };
    let number = cancel::begin();
    let begun = begin(env, function, &values, count, number).and_then(|(promise, later)| {
        start(env, Pending::new(env, later)?)?;
        Ok(promise)
    });
    begun.unwrap_or_else(|failure| {
        cancel::end(number);
        failure.throw(env);
        null_mut()
    })
}

fn begin(
    env: sys::napi_env,
    function: &'static CellFunction,
    values: &[sys::napi_value],
    count: usize,
    number: u32,
) -> Result<(sys::napi_value, Later), Failure> {
    if let Some(reason) = &function.stays {
        return Err(Failure::Type(reason.clone()));
    }
    let mut arena = Arena::default();
    let mut slots = [Slot::default(); MOST_PARAMETERS];
    arguments::read(env, function, values, count, Lend::Copy, &mut arena, &mut slots)?;
    let (mut promise, mut deferred) = (null_mut(), null_mut());
    // SAFETY: `env` is the running one; all results go to locals.
    check(unsafe { sys::napi_create_promise(env, &mut deferred, &mut promise) })?;
    arena.give_away();
    let later = Later {
        function,
        slots,
        arena,
        deferred,
        number,
        cancel: cancel::of(number),
    };
    Ok((promise, later))
}
