//! Calls in place that may run JavaScript before they return: those that take functions of the notebook, and all while
//! Rust holds one.
//!
//! JavaScript may write to a typed array, or take its memory away, while Rust has a slice of it. So arrays are copied,
//! and what a `&mut` slice got is written back at the end.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};

use napi::sys;
use tandem_cell_host::abi::Slot;
use tandem_cell_host::exports::Function;
use tandem_cell_host::library::{Outcome, Types};
use tandem_cell_host::types::{Access, Type};

use crate::arguments::{self, Arena, Lend};
use crate::failure::Failure;
use crate::functions::{CellFunction, MOST_PARAMETERS};
use crate::outcome::ended;
use crate::{mailbox, thrown};

/// As on the main thread; only what is used of it becomes memory.
const STACK: usize = 8 << 20;

#[cold]
pub fn run(
    env: sys::napi_env,
    function: &'static CellFunction,
    values: &[sys::napi_value],
    count: usize,
) -> Result<sys::napi_value, Failure> {
    let mut arena = Arena::default();
    let mut slots = [Slot::default(); MOST_PARAMETERS];
    let lend = if function.served {
        Lend::Copy
    } else {
        Lend::CopyHere
    };
    arguments::read(env, function, values, count, lend, &mut arena, &mut slots)?;
    arena.give_away();
    let _outermost = Outermost::begin(env);
    let slots = &slots[..function.loaded.signature.parameters.len()];
    let outcome = if function.served {
        serve(env, function, slots)?
    } else {
        let mailbox = mailbox::here(env)?;
        let _blocked = mailbox.block();
        // SAFETY: a slot for each parameter, pointing to copies that the arena keeps.
        unsafe { function.loaded.call(slots) }
    };
    let written = arguments::write_back(env, function, values, &arena);
    drop(arena);
    let value = ended(env, function, outcome)?;
    written?;
    Ok(value)
}

thread_local! {
    /// How many careful calls of this thread are in one another.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Forgets, at the end of the outermost call, the errors of callbacks that Rust dropped: they are no cause of what comes
/// later. Inside of it another thread's may still be on its way.
struct Outermost(sys::napi_env);

impl Outermost {
    fn begin(env: sys::napi_env) -> Outermost {
        DEPTH.set(DEPTH.get() + 1);
        Outermost(env)
    }
}

impl Drop for Outermost {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
        if DEPTH.get() == 0 {
            thrown::clear(self.0);
        }
    }
}

/// Calls the function on a thread of its own, and runs what it calls back on this one meanwhile: its threads may wait for
/// callbacks, and it for its threads.
fn serve(env: sys::napi_env, function: &'static CellFunction, slots: &[Slot]) -> Result<Outcome, Failure> {
    let mailbox = mailbox::here(env)?;
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let call = || {
            // SAFETY: as in `run`; instances were lent by the rules of Send and Sync.
            let outcome = unsafe { function.loaded.call(slots) };
            done.store(true, Ordering::Release);
            mailbox.nudge();
            outcome
        };
        let thread = std::thread::Builder::new()
            .name(function.loaded.signature.name.clone())
            .stack_size(STACK)
            .spawn_scoped(scope, call)
            .map_err(|error| Failure::Error {
                code: "RUST_HOST",
                text: format!("No thread could be started for the call: {error}."),
            })?;
        mailbox.serve_until(env, &done);
        thread.join().map_err(|_| Failure::Error {
            code: "RUST_HOST",
            text: "The call's thread has ended without a result.".into(),
        })
    })
}

/// Whether a call of this function is served: its callbacks may come from threads, and all that it takes and gives may
/// leave this one.
pub fn is_served(signature: &Function, types: &Types, stays: bool) -> bool {
    let threads = signature
        .parameters
        .iter()
        .any(|parameter| parameter.ty.callback().is_some_and(|one| one.threads));
    let mut leaves = !stays;
    for parameter in &signature.parameters {
        parameter.ty.walk(&mut |ty| match ty {
            Type::Instance { path, access, .. } => {
                let class = types.classes.get(path);
                leaves &= class.is_some_and(|class| class.send || (class.sync && *access == Access::Shared));
            }
            Type::Dyn { .. } | Type::Impl { .. } => leaves = false,
            _ => {}
        });
    }
    threads && leaves
}
