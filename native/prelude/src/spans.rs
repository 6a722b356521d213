//! Spans of time that a cell marks: `let _span = tandem::span!("sort");` lasts until the end of its block. They stand in
//! buffers of bounded size, one for each thread and task, until the notebook takes them.

use std::cell::RefCell;
use std::fmt::Write;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::task::{Context, Poll};
use std::thread::{self, ThreadId};
use std::time::Instant;

/// More are not kept, of all threads together: 6 MB.
const MOST: u64 = 1 << 17;

/// One span, in nanoseconds since the first.
struct Event {
    name: &'static str,
    start: u64,
    end: u64,
    /// A task was not run meanwhile.
    waits: bool,
}

/// What one thread or task has marked.
struct Lane {
    name: String,
    /// Of tasks none.
    thread: Option<ThreadId>,
    listed: AtomicBool,
    events: Mutex<Vec<Event>>,
}

/// The lanes that have events, or had some and can get more.
static LANES: Mutex<Vec<Arc<Lane>>> = Mutex::new(Vec::new());
static KEPT: AtomicU64 = AtomicU64::new(0);
/// How many were not kept.
static LOST: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// Made by the first span that is kept, so that threads without spans cost nothing.
    static THREAD: Arc<Lane> = Lane::of_thread();
    /// The lane of the task that this thread runs now.
    static TASK: RefCell<Option<Arc<Lane>>> = const { RefCell::new(None) };
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|broken| broken.into_inner())
}

/// Nanoseconds since the first call, by the system's monotonic clock.
pub fn now() -> u64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    FIRST.get_or_init(Instant::now).elapsed().as_nanos() as u64
}

impl Lane {
    fn of_thread() -> Arc<Lane> {
        let current = thread::current();
        let name = current.name().unwrap_or_default().to_string();
        Lane::new(name, Some(current.id()))
    }

    fn new(name: String, thread: Option<ThreadId>) -> Arc<Lane> {
        Arc::new(Lane {
            name,
            thread,
            listed: AtomicBool::new(false),
            events: Mutex::new(Vec::new()),
        })
    }

    fn add(self: &Arc<Self>, event: Event) {
        if !self.listed.swap(true, Ordering::Relaxed) {
            lock(&LANES).push(self.clone());
        }
        lock(&self.events).push(event);
    }
}

/// Whether there is room for one more, which is taken.
fn take_room() -> bool {
    if KEPT.fetch_add(1, Ordering::Relaxed) < MOST {
        return true;
    }
    KEPT.fetch_sub(1, Ordering::Relaxed);
    LOST.fetch_add(1, Ordering::Relaxed);
    false
}

/// Lasts until it is dropped. It is of the task that drops it, or of the thread where there is none.
#[must_use = "a span ends when it is dropped: let _span = …"]
pub struct Span {
    name: &'static str,
    start: u64,
}

/// Begins a span.
#[inline]
pub fn span(name: &'static str) -> Span {
    Span { name, start: now() }
}

impl Drop for Span {
    fn drop(&mut self) {
        let end = now();
        if !take_room() {
            return;
        }
        let (name, start) = (self.name, self.start);
        let add = |lane: &Arc<Lane>| {
            lane.add(Event {
                name,
                start,
                end,
                waits: false,
            });
        };
        let in_task = TASK.try_with(|task| task.borrow().as_ref().map(&add).is_some());
        // In the destructor of a thread's local there may be no thread any more.
        if !in_task.unwrap_or(false) && THREAD.try_with(add).is_err() {
            add(&Lane::new(String::new(), None));
        }
    }
}

/// A future whose steps and waits are spans in a lane of its own: `tokio::spawn(tandem::spanned("fetch", fetch(url)))`.
/// What it marks while it runs stands there too, whichever thread runs it.
pub fn spanned<F: Future>(name: &'static str, future: F) -> Spanned<F> {
    Spanned {
        name,
        lane: Lane::new(name.to_string(), None),
        future: Some(Box::pin(future)),
        left: now(),
    }
}

/// See `spanned`.
#[must_use = "a future does nothing unless it is awaited"]
pub struct Spanned<F> {
    name: &'static str,
    lane: Arc<Lane>,
    future: Option<Pin<Box<F>>>,
    /// When it was made, or when its last step ended.
    left: u64,
}

/// While it lives, what this thread marks is of the task.
struct Inside(Option<Arc<Lane>>);

impl Inside {
    fn enter(lane: &Arc<Lane>) -> Inside {
        let before = TASK.try_with(|task| task.replace(Some(lane.clone())));
        Inside(before.ok().flatten())
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        // A future may be dropped where its thread ends: then nothing runs in it any more.
        let _ = TASK.try_with(|task| task.replace(self.0.take()));
    }
}

impl<F: Future> Future for Spanned<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        let start = now();
        let polled = {
            let _inside = Inside::enter(&this.lane);
            match &mut this.future {
                Some(future) => future.as_mut().poll(context),
                None => Poll::Pending,
            }
        };
        let end = now();
        let name = this.name;
        for (start, end, waits) in [(this.left, start, true), (start, end, false)] {
            if take_room() {
                this.lane.add(Event {
                    name,
                    start,
                    end,
                    waits,
                });
            }
        }
        this.left = end;
        polled
    }
}

impl<F> Drop for Spanned<F> {
    fn drop(&mut self) {
        let _inside = Inside::enter(&self.lane);
        self.future = None;
    }
}

/// The spans so far as JSON, `{ lost, lanes: [[name, kind, [[name, start, end, waits], …]], …] }`; the buffers are empty
/// afterwards. Kinds: `caller`, the thread that takes them, `thread` and `task`.
pub fn take() -> String {
    let here = thread::current().id();
    let mut text = String::from(r#"{"lanes":["#);
    // Writing to a String does not fail.
    let mut lanes = lock(&LANES);
    for lane in lanes.iter() {
        let events = std::mem::take(&mut *lock(&lane.events));
        if events.is_empty() {
            continue;
        }
        KEPT.fetch_sub(events.len() as u64, Ordering::Relaxed);
        let kind = match lane.thread {
            Some(id) if id == here => "caller",
            Some(_) => "thread",
            None => "task",
        };
        let name = crate::display::json(&lane.name);
        let _ = write!(text, r#"[{name},"{kind}",["#);
        for Event {
            name,
            start,
            end,
            waits,
        } in &events
        {
            let name = crate::display::json(name);
            let _ = write!(text, "[{name},{start},{end},{}],", u8::from(*waits));
        }
        text.pop();
        text.push_str("]],");
    }
    // Of threads and tasks that have ended nothing more comes.
    lanes.retain(|lane| Arc::strong_count(lane) > 1);
    if text.ends_with(',') {
        text.pop();
    }
    let _ = write!(text, r#"],"lost":{}}}"#, LOST.swap(0, Ordering::Relaxed));
    text
}

/// Marks the time until the end of the block: `let _span = tandem::span!("sort");`
#[macro_export]
macro_rules! span {
    ($name:expr) => {
        $crate::spans::span($name)
    };
}
