//! Which Rust functions ran when, for `%%profile`: V8 sees every function of an addon as one, since Node-API calls all
//! of them through one of its own.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Instant;

use serde_json::json;

use crate::functions::CellFunction;

/// More stretches are not kept, only counted: 4 MB.
const MOST: usize = 1 << 17;
/// Calls of one function with less between them are one stretch, in ns: less than half of what lies between two samples.
const APART: u64 = 100_000;

/// A stretch of calls of one function, in ns of `now`.
struct Stretch {
    function: &'static CellFunction,
    start: u64,
    end: u64,
    /// On another thread than the one that is profiled: `.async`.
    elsewhere: bool,
}

#[derive(Default)]
struct Noted {
    stretches: Vec<Stretch>,
    lost: u64,
}

static ON: AtomicBool = AtomicBool::new(false);
static NOTED: Mutex<Noted> = Mutex::new(Noted {
    stretches: Vec::new(),
    lost: 0,
});

thread_local! {
    static PROFILED: Cell<bool> = const { Cell::new(false) };
}

/// Whether calls are noted now: all that a call costs where none are.
#[inline(always)]
pub fn on() -> bool {
    ON.load(Ordering::Relaxed)
}

fn now() -> u64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    FIRST.get_or_init(Instant::now).elapsed().as_nanos() as u64
}

/// A call of the profiled thread, or one that `.async` runs elsewhere; noted when it is dropped.
pub struct Call {
    function: &'static CellFunction,
    start: u64,
    elsewhere: bool,
}

/// Nothing where the call is none of the profiled thread's: a worker's profile would be its own.
#[cold]
pub fn in_place(function: &'static CellFunction) -> Option<Call> {
    let profiled = PROFILED.try_with(Cell::get).unwrap_or(false);
    profiled.then(|| Call {
        function,
        start: now(),
        elsewhere: false,
    })
}

pub fn elsewhere(function: &'static CellFunction) -> Option<Call> {
    on().then(|| Call {
        function,
        start: now(),
        elsewhere: true,
    })
}

impl Drop for Call {
    fn drop(&mut self) {
        let end = now();
        let mut noted = NOTED.lock().unwrap_or_else(|broken| broken.into_inner());
        let Call {
            function,
            start,
            elsewhere,
        } = *self;
        if let Some(last) = noted.stretches.last_mut() {
            let same = std::ptr::eq(last.function, function) && last.elsewhere == elsewhere;
            if same && start >= last.end && start - last.end < APART {
                last.end = end;
                return;
            }
        }
        if noted.stretches.len() < MOST {
            noted.stretches.push(Stretch {
                function,
                start,
                end,
                elsewhere,
            });
        } else {
            noted.lost += 1;
        }
    }
}

/// Notes the calls of this thread from now on, and those of `.async`.
pub fn start() {
    *NOTED.lock().unwrap_or_else(|broken| broken.into_inner()) = Noted::default();
    PROFILED.with(|profiled| profiled.set(true));
    ON.store(true, Ordering::Relaxed);
}

/// Ends it: `{ now, lost, calls: [[name, file, start, end, elsewhere], …] }` as JSON, in ns of one clock, of which `now` is
/// the present.
pub fn stop() -> String {
    ON.store(false, Ordering::Relaxed);
    PROFILED.with(|profiled| profiled.set(false));
    let Noted { stretches, lost } =
        std::mem::take(&mut *NOTED.lock().unwrap_or_else(|broken| broken.into_inner()));
    let calls: Vec<_> = stretches
        .iter()
        .map(|one| {
            let signature = &one.function.loaded.signature;
            let name = match &signature.owner {
                Some(owner) => format!("{owner}::{}", signature.name),
                None => signature.name.clone(),
            };
            json!([name, one.function.cell.file, one.start, one.end, one.elsewhere])
        })
        .collect();
    json!({ "now": now(), "lost": lost, "calls": calls }).to_string()
}
