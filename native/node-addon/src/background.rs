//! `f.async(…)`: the call runs on Node's thread pool; arguments are copied first, the event loop stays free. What waits for
//! a channel has a thread of its own: the pool's few must stay free for work.

use std::ffi::c_void;
use std::ptr::null_mut;

use napi::sys;
use std::sync::atomic::Ordering;

use tandem_cell_host::abi::{Cancel, Slot};
use tandem_cell_host::library::Outcome;

use crate::arguments::{self, Arena, Lend};
use crate::failure::{check, string, Failure};
use crate::functions::{called, ended, settle, CellFunction, MOST_PARAMETERS};
use crate::mailbox;
use crate::{calls, cancel};

struct Call {
    function: &'static CellFunction,
    slots: [Slot; MOST_PARAMETERS],
    /// Keeps what the slots point to.
    arena: Arena,
    outcome: Option<Outcome>,
    deferred: sys::napi_deferred,
    /// Null for a call on a thread of its own.
    work: sys::napi_async_work,
    /// What it can be given up by: its number, and what Rust sees.
    number: u32,
    cancel: *const Cancel,
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
    arena.give_away();
    let (mut promise, mut deferred) = (null_mut(), null_mut());
    // SAFETY: `env` is the running one; all results go to locals.
    check(unsafe { sys::napi_create_promise(env, &mut deferred, &mut promise) })?;
    let call = Box::into_raw(Box::new(Call {
        function,
        slots,
        arena,
        outcome: None,
        deferred,
        work: null_mut(),
        number,
        cancel: cancel::of(number),
    }));
    if function.waits {
        return on_own_thread(env, call).map(|()| promise);
    }
    let name = string(env, "tandem: a Rust function");
    // SAFETY: `call` lives until `complete` takes it back.
    unsafe {
        check(sys::napi_create_async_work(
            env,
            null_mut(),
            name,
            Some(execute),
            Some(complete),
            call.cast(),
            &mut (*call).work,
        ))?;
        check(sys::napi_queue_async_work(env, (*call).work))?;
    }
    Ok(promise)
}

fn on_own_thread(env: sys::napi_env, call: *mut Call) -> Result<(), Failure> {
    let mailbox = mailbox::here(env)?;
    mailbox::hold(env, &mailbox);
    let call = call as usize;
    let work = move || {
        // SAFETY: `start` gave it, and this thread alone has it until the job below.
        unsafe { execute(null_mut(), call as *mut c_void) };
        mailbox.clone().post(Box::new(move |env| {
            // Where the environment has ended, so has all that the call would touch.
            if let Some(env) = env {
                mailbox::let_go(env, &mailbox);
                // SAFETY: as above; it is taken back once.
                unsafe { complete(env, sys::Status::napi_ok, call as *mut c_void) };
            }
        }));
    };
    let started = std::thread::Builder::new()
        .name("rust channel".into())
        .spawn(work);
    started.map(drop).map_err(|error| Failure::Error {
        code: "RUST_HOST",
        text: format!("No thread could be started to wait for the channel: {error}."),
    })
}

unsafe extern "C" fn execute(_: sys::napi_env, data: *mut c_void) {
    // SAFETY: `start` gave it, and nobody else touches it until `complete`.
    let call = unsafe { &mut *(data as *mut Call) };
    let _noted = calls::elsewhere(call.function);
    let count = call.function.loaded.signature.parameters.len();
    // SAFETY: `cancel::end` comes after this.
    let given_up = unsafe { call.cancel.as_ref() }.is_some_and(|one| one.cancelled.load(Ordering::SeqCst));
    call.outcome = Some(if given_up {
        Outcome::Cancelled
    } else {
        // SAFETY: a slot for each parameter; what they point to are copies of this call's own.
        unsafe {
            call.function
                .loaded
                .call_cancellable(&call.slots[..count], call.cancel)
        }
    });
}

unsafe extern "C" fn complete(env: sys::napi_env, status: sys::napi_status, data: *mut c_void) {
    // SAFETY: taken back once.
    let call = unsafe { Box::from_raw(data as *mut Call) };
    drop(call.arena);
    cancel::end(call.number);
    let value = match call.outcome {
        Some(outcome) => ended(env, call.function, outcome),
        None => Err(Failure::Error {
            code: "RUST_HOST",
            text: format!("The call was not run (status {status})."),
        }),
    };
    settle(env, call.deferred, value);
    // The work is done, and deleted once.
    if !call.work.is_null() {
        // SAFETY: as above.
        unsafe { sys::napi_delete_async_work(env, call.work) };
    }
}
