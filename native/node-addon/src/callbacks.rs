//! The notebook's functions as Rust calls them: at once on the environment's own thread, through its mailbox from others.

use std::ptr::null_mut;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use napi::sys;
use tandem_cell_host::abi::{Answer, CallbackTable, Slot, DONE, THREW};
use tandem_cell_host::types::{Callback, Type};

use crate::arguments::{self, Arena};
use crate::failure::{check, Failure};
use crate::functions::Cell;
use crate::mailbox::{self, Mailbox};
use crate::results::Writer;
use crate::thrown;

/// A function of the notebook that Rust holds.
struct Held {
    env: sys::napi_env,
    function: sys::napi_ref,
    /// `each: visit`, for messages.
    name: String,
    callback: &'static Callback,
    cell: &'static Cell,
    mailbox: Arc<Mailbox>,
    /// Why threads of Rust cannot call it.
    stays: Option<String>,
}

/// How many functions Rust holds, of all environments: while it holds any, a call may run JavaScript.
static LIVE: AtomicUsize = AtomicUsize::new(0);

#[inline]
pub fn any() -> bool {
    LIVE.load(Ordering::Relaxed) > 0
}

static TABLE: CallbackTable = CallbackTable { call, end, release };

/// The slot of a function, whose owner has to `release` it.
pub fn hold(
    env: sys::napi_env,
    value: sys::napi_value,
    callback: &'static Callback,
    cell: &'static Cell,
    name: String,
) -> Result<Slot, Failure> {
    let mailbox = mailbox::here(env)?;
    let mut function = null_mut();
    // SAFETY: `env` is the running one, the value is a function of it.
    check(unsafe { sys::napi_create_reference(env, value, 1, &mut function) })?;
    let held = Box::new(Held {
        env,
        function,
        name,
        callback,
        cell,
        mailbox,
        stays: stays(callback, cell),
    });
    LIVE.fetch_add(1, Ordering::SeqCst);
    Ok(Slot {
        a: Box::into_raw(held) as u64,
        b: &TABLE as *const CallbackTable as u64,
    })
}

/// Lets go of a function that no call has taken over.
pub fn drop_held(id: u64) {
    // SAFETY: the caller owns it.
    unsafe { release(id) }
}

/// An instance among its arguments has to come to the notebook's thread.
fn stays(callback: &Callback, cell: &Cell) -> Option<String> {
    let mut found = None;
    for ty in &callback.parameters {
        ty.walk(&mut |one| {
            if let Type::Instance { path, name, .. } = one {
                if cell.types.classes.get(path).is_none_or(|class| !class.send) {
                    found = Some(format!(
                        "{name} is not Send: this callback runs on the notebook's thread alone"
                    ));
                }
            }
        });
    }
    found
}

unsafe extern "C" fn release(id: u64) {
    // SAFETY: `hold` made it, and its one owner gives it back once.
    let held = unsafe { Box::from_raw(id as *mut Held) };
    let let_go = |env: Option<sys::napi_env>, function: sys::napi_ref| {
        LIVE.fetch_sub(1, Ordering::SeqCst);
        if let Some(env) = env {
            // SAFETY: on the environment's thread; the reference is deleted once.
            unsafe { sys::napi_delete_reference(env, function) };
        }
    };
    if held.mailbox.is_here() {
        let_go(Some(held.env), held.function);
    } else {
        let function = held.function as usize;
        held.mailbox
            .post(Box::new(move |env| let_go(env, function as sys::napi_ref)));
    }
}

/// What an answer's slot points to.
enum Kept {
    Values(#[allow(dead_code)] Arena),
    Text(#[allow(dead_code)] String),
}

unsafe extern "C" fn end(kept: u64) {
    // SAFETY: `answer_with` and `fail` made it; it is freed once.
    drop(unsafe { Box::from_raw(kept as *mut Kept) });
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

unsafe extern "C" fn call(id: u64, arguments: *mut Slot, count: usize, answer: *mut Answer) -> i32 {
    // SAFETY: the cell's `Callback` owns it, and this call borrows that.
    let held = unsafe { &*(id as *const Held) };
    // SAFETY: a local of the caller's.
    let answer = unsafe { &mut *answer };
    // SAFETY: a tuple's slots, for this call.
    let slots = match count {
        0 => &mut [][..],
        // SAFETY: as above.
        _ => unsafe { std::slice::from_raw_parts_mut(arguments, count) },
    };
    if held.mailbox.is_here() {
        let number = mailbox::unblock(&held.mailbox);
        let status = invoke(held, slots, answer);
        mailbox::block_again(&held.mailbox, number);
        return status;
    }
    if let Some(reason) = &held.stays {
        return fail(answer, 0, format!("{}: {reason}.", held.name));
    }
    from_elsewhere(held, slots, answer)
}

/// Calls the function on its own thread.
fn invoke(held: &Held, slots: &mut [Slot], answer: &mut Answer) -> i32 {
    let env = held.env;
    let mut scope = null_mut();
    // SAFETY: `env` is the running one; the scope ends where it began.
    unsafe { sys::napi_open_handle_scope(env, &mut scope) };
    let status = match answer_with(held, slots, answer) {
        Ok(()) => DONE,
        Err(failure) => {
            let (error, text) = thrown::keep(env, &failure);
            fail(answer, error, text)
        }
    };
    // SAFETY: as above.
    unsafe { sys::napi_close_handle_scope(env, scope) };
    status
}

fn answer_with(held: &Held, slots: &mut [Slot], answer: &mut Answer) -> Result<(), Failure> {
    let Held {
        env, cell, callback, ..
    } = *held;
    let writer = Writer::new(env, cell);
    let mut values = Vec::with_capacity(slots.len());
    for (ty, slot) in callback.parameters.iter().zip(slots) {
        values.push(writer.value(ty, slot)?);
    }
    let (mut function, mut this, mut result) = (null_mut(), null_mut(), null_mut());
    // SAFETY: as above; results go to locals.
    unsafe {
        check(sys::napi_get_reference_value(env, held.function, &mut function))?;
        check(sys::napi_get_undefined(env, &mut this))?;
        check(sys::napi_call_function(
            env,
            this,
            function,
            values.len(),
            values.as_ptr(),
            &mut result,
        ))?;
    }
    let mut arena = Arena::default();
    let at = || format!("{}'s result", held.name);
    answer.slot = arguments::read_answer(env, cell, result, &callback.returns, &mut arena, &at)?;
    answer.kept = Box::into_raw(Box::new(Kept::Values(arena))) as u64;
    Ok(())
}

/// Where a call from another thread stands.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Waiting,
    Running,
    Answered(i32),
    /// Nobody waits for it: it must not touch what its caller lent.
    GivenUp,
}

/// So often a thread that waits looks whether it waits for ever, and so often it has to find that.
const LOOK: Duration = Duration::from_millis(100);
const LOOKS: u32 = 20;

/// Calls the function from a thread of Rust, which waits for its answer.
fn from_elsewhere(held: &Held, slots: &mut [Slot], answer: &mut Answer) -> i32 {
    let stage = Arc::new((Mutex::new(Stage::Waiting), Condvar::new()));
    let lent = (
        held as *const Held as usize,
        slots.as_mut_ptr() as usize,
        slots.len(),
        answer as *mut Answer as usize,
    );
    let theirs = stage.clone();
    held.mailbox.post(Box::new(move |env| {
        let (lock, told) = &*theirs;
        {
            let mut stage = lock.lock().unwrap_or_else(|broken| broken.into_inner());
            if *stage == Stage::GivenUp {
                return;
            }
            *stage = Stage::Running;
        }
        // SAFETY: the caller waits in `from_elsewhere` until this is answered, so all that it lent is there.
        let (held, slots, answer) = unsafe {
            (
                &*(lent.0 as *const Held),
                std::slice::from_raw_parts_mut(lent.1 as *mut Slot, lent.2),
                &mut *(lent.3 as *mut Answer),
            )
        };
        let status = match env {
            Some(_) => invoke(held, slots, answer),
            None => fail(
                answer,
                0,
                format!(
                    "{}: the notebook's thread that this function belongs to has ended.",
                    held.name
                ),
            ),
        };
        *lock.lock().unwrap_or_else(|broken| broken.into_inner()) = Stage::Answered(status);
        told.notify_all();
    }));
    let (lock, told) = &*stage;
    let mut now = lock.lock().unwrap_or_else(|broken| broken.into_inner());
    let (mut number, mut looks) = (None, 0);
    loop {
        match *now {
            Stage::Answered(status) => return status,
            Stage::Waiting if looks >= LOOKS => {
                *now = Stage::GivenUp;
                let text = format!(
                    "{}: the notebook's thread waits in a call of Rust, so it cannot run this callback, and the two would \
                     wait for ever. Call that function with .async, or let the callback's bound say that threads call it: \
                     impl Fn(…) + Send + Sync.",
                    held.name
                );
                return fail(answer, 0, text);
            }
            _ => {}
        }
        now = told
            .wait_timeout(now, LOOK)
            .unwrap_or_else(|broken| broken.into_inner())
            .0;
        let waits = held.mailbox.waits_in();
        looks = if waits.is_some() && (looks == 0 || waits == number) {
            looks + 1
        } else {
            0
        };
        number = waits;
    }
}
