//! `f.async(…)`: the call runs on Node's thread pool; arguments are copied first, the event loop stays free. What waits for
//! a channel has a thread of its own: the pool's few must stay free for work.

use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::Ordering;

use napi::sys;
use tandem_cell_host::library::Outcome;

use crate::failure::{check, string, Failure};
use crate::functions::{ended, settle};
use crate::later::{self, Later};
use crate::mailbox;
use crate::{calls, cancel};

struct Call {
    later: Later,
    outcome: Option<Outcome>,
    /// Null for a call on a thread of its own.
    work: sys::napi_async_work,
}

pub unsafe extern "C" fn call(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: this callback's own parameters.
    unsafe { later::promise(env, info, start) }
}

fn start(env: sys::napi_env, later: Later) -> Result<(), Failure> {
    let waits = later.function.waits;
    let call = Box::into_raw(Box::new(Call {
        later,
        outcome: None,
        work: null_mut(),
    }));
    if waits {
        return on_own_thread(env, call);
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
        check(sys::napi_queue_async_work(env, (*call).work))
    }
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
    let (later, cancel) = (&call.later, call.later.cancel);
    let _noted = calls::elsewhere(later.function);
    // SAFETY: `cancel::end` comes after this.
    let given_up = unsafe { cancel.as_ref() }.is_some_and(|one| one.cancelled.load(Ordering::SeqCst));
    call.outcome = Some(if given_up {
        Outcome::Cancelled
    } else {
        // SAFETY: a slot for each parameter; what they point to are copies of this call's own.
        unsafe { later.function.loaded.call_cancellable(later.arguments(), cancel) }
    });
}

unsafe extern "C" fn complete(env: sys::napi_env, status: sys::napi_status, data: *mut c_void) {
    // SAFETY: taken back once.
    let call = unsafe { Box::from_raw(data as *mut Call) };
    let (later, outcome) = (call.later, call.outcome);
    drop(later.arena);
    cancel::end(later.number);
    let value = match outcome {
        Some(outcome) => ended(env, later.function, outcome),
        None => Err(Failure::Error {
            code: "RUST_HOST",
            text: format!("The call was not run (status {status})."),
        }),
    };
    settle(env, later.deferred, value);
    // The work is done, and deleted once.
    if !call.work.is_null() {
        // SAFETY: as above.
        unsafe { sys::napi_delete_async_work(env, call.work) };
    }
}
