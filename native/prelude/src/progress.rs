//! Progress bars in the cell: `tandem::progress(total)`, and `tandem::progress!(iterator)`.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::display::{display_mime, json};

/// The MIME type of a bar's state, which the kernel draws.
const MIME: &str = "application/vnd.tandem.progress+json";
/// No bar is drawn more often.
const EVERY: Duration = Duration::from_millis(100);
/// For a total that nobody knows.
const UNKNOWN: u64 = u64::MAX;

/// A bar. Threads may share it; it is at its end when it is dropped.
pub struct Progress {
    id: u64,
    label: Mutex<String>,
    done: AtomicU64,
    total: AtomicU64,
    start: Instant,
    /// Nanoseconds from the start at which it is drawn next.
    next: AtomicU64,
    broken: AtomicBool,
}

/// A bar of so many steps.
pub fn progress(total: u64) -> Progress {
    Progress::new(total, "")
}

impl Progress {
    pub fn new(total: u64, label: &str) -> Progress {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let bar = Progress {
            id: LAST.fetch_add(1, Ordering::Relaxed) + 1,
            label: Mutex::new(label.into()),
            done: AtomicU64::new(0),
            total: AtomicU64::new(total),
            start: Instant::now(),
            next: AtomicU64::new(EVERY.as_nanos() as u64),
            broken: AtomicBool::new(false),
        };
        bar.draw("running");
        bar
    }

    /// A bar whose end is not known.
    pub fn endless(label: &str) -> Progress {
        Progress::new(UNKNOWN, label)
    }

    /// So many more steps are done.
    #[inline]
    pub fn inc(&self, steps: u64) {
        self.done.fetch_add(steps, Ordering::Relaxed);
        self.tick();
    }

    /// So many steps are done in all.
    pub fn set(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.tick();
    }

    /// What stands before the bar.
    pub fn label(&self, label: &str) {
        if let Ok(mut now) = self.label.lock() {
            *now = label.into();
        }
        self.tick();
    }

    #[inline]
    fn tick(&self) {
        let now = self.start.elapsed().as_nanos() as u64;
        let next = self.next.load(Ordering::Relaxed);
        let then = now + EVERY.as_nanos() as u64;
        let mine = || {
            self.next
                .compare_exchange(next, then, Ordering::Relaxed, Ordering::Relaxed)
        };
        if now >= next && mine().is_ok() {
            self.draw("running");
        }
    }

    fn draw(&self, state: &str) {
        let label = self
            .label
            .lock()
            .map_or_else(|_| String::new(), |label| label.clone());
        let total = match self.total.load(Ordering::Relaxed) {
            UNKNOWN => "null".into(),
            known => known.to_string(),
        };
        let (done, ms) = (
            self.done.load(Ordering::Relaxed),
            self.start.elapsed().as_millis(),
        );
        let (id, label) = (self.id, json(&label));
        display_mime(
            MIME,
            format!(
                r#"{{"id":{id},"label":{label},"done":{done},"total":{total},"ms":{ms},"state":"{state}"}}"#
            ),
        );
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let total = self.total.load(Ordering::Relaxed);
        let whole = total == UNKNOWN || self.done.load(Ordering::Relaxed) >= total;
        let stopped = self.broken.load(Ordering::Relaxed) || std::thread::panicking() || !whole;
        self.draw(if stopped { "stopped" } else { "done" });
    }
}

/// An iterator with a bar: `for x in tandem::progress!(data.iter())`.
pub struct Watched<I> {
    inner: I,
    bar: Progress,
    ended: bool,
}

pub fn watch<I: IntoIterator>(items: I, label: &str) -> Watched<I::IntoIter> {
    let inner = items.into_iter();
    let total = match inner.size_hint() {
        (least, Some(most)) if least == most => most as u64,
        _ => UNKNOWN,
    };
    let bar = Progress::new(total, label);
    Watched {
        inner,
        bar,
        ended: false,
    }
}

impl<I: Iterator> Iterator for Watched<I> {
    type Item = I::Item;
    #[inline]
    fn next(&mut self) -> Option<I::Item> {
        let item = self.inner.next();
        match item {
            Some(_) => self.bar.inc(1),
            None => self.ended = true,
        }
        item
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.inner.size_hint()
    }
}

impl<I> Drop for Watched<I> {
    fn drop(&mut self) {
        self.bar.broken.store(!self.ended, Ordering::Relaxed);
    }
}

/// The same items, with a bar in the cell: `progress!(items)`, `progress!(items, "what")`.
#[macro_export]
macro_rules! progress {
    ($items:expr $(,)?) => {
        $crate::progress::watch($items, "")
    };
    ($items:expr, $label:expr $(,)?) => {
        $crate::progress::watch($items, $label)
    };
}
