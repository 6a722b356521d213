//! Spans of time that a cell marks: `let _span = tandem::span!("sort");` lasts until the end of its block. They stand in a
//! buffer of bounded size until the notebook takes them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Instant;

/// More are not kept: 6 MB.
const MOST: usize = 1 << 17;

/// One span, in nanoseconds since the first.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Event {
    name: &'static str,
    thread: u64,
    start: u64,
    end: u64,
}

/// Lasts until it is dropped.
#[must_use = "a span ends when it is dropped: let _span = …"]
pub struct Span {
    name: &'static str,
    start: u64,
}

fn buffer() -> &'static Mutex<Vec<Event>> {
    static BUFFER: Mutex<Vec<Event>> = Mutex::new(Vec::new());
    &BUFFER
}

/// How many were not kept.
static LOST: AtomicU64 = AtomicU64::new(0);

fn now() -> u64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    FIRST.get_or_init(Instant::now).elapsed().as_nanos() as u64
}

/// Begins a span.
#[inline]
pub fn span(name: &'static str) -> Span {
    Span { name, start: now() }
}

impl Drop for Span {
    fn drop(&mut self) {
        thread_local! {
            static THREAD: u64 = {
                static LAST: AtomicU64 = AtomicU64::new(0);
                LAST.fetch_add(1, Ordering::Relaxed)
            };
        }
        let end = now();
        // A span in the destructor of a thread's local has no thread any more.
        let thread = THREAD.try_with(|id| *id).unwrap_or(u64::MAX);
        let mut all = buffer().lock().unwrap_or_else(|broken| broken.into_inner());
        if all.len() < MOST {
            let (name, start) = (self.name, self.start);
            all.push(Event {
                name,
                thread,
                start,
                end,
            });
        } else {
            LOST.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The spans so far as JSON, `{ now, lost, events: [[name, thread, start, end], …] }`; the buffer is empty afterwards.
pub fn take() -> String {
    let all = std::mem::take(&mut *buffer().lock().unwrap_or_else(|broken| broken.into_inner()));
    let events: Vec<_> = all
        .iter()
        .map(|one| {
            let name = crate::display::json(one.name);
            format!("[{name},{},{},{}]", one.thread, one.start, one.end)
        })
        .collect();
    let lost = LOST.swap(0, Ordering::Relaxed);
    format!(
        r#"{{"now":{},"lost":{lost},"events":[{}]}}"#,
        now(),
        events.join(",")
    )
}

/// Marks the time until the end of the block: `let _span = tandem::span!("sort");`
#[macro_export]
macro_rules! span {
    ($name:expr) => {
        $crate::spans::span($name)
    };
}
