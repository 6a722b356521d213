//! The threads that `.async` runs on: started as they are needed, at least as many as Node's pool has and as the machine has
//! cores. Node's own pool would do, but its threads sleep at once when they have nothing to do, and to wake one takes longer
//! than most short calls.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard};
use std::thread::{available_parallelism, yield_now, Builder};
use std::time::Instant;

pub type Job = Box<dyn FnOnce() + Send>;

/// So many ns one thread that has run out of work looks for more before it sleeps: about what it takes to wake it.
const WATCH: u64 = 50_000;
/// Who looked for work so many ns ago is about to look again; after longer the system runs something else in its place.
const AWAY: u64 = 5_000;

static MOST: LazyLock<usize> = LazyLock::new(|| available_parallelism().map_or(4, usize::from).max(4));

static STATE: Mutex<State> = Mutex::new(State {
    jobs: VecDeque::new(),
    threads: 0,
    asleep: 0,
    woken: 0,
    watched: false,
});
static FILLED: Condvar = Condvar::new();
/// There are jobs: what a thread that watches looks at.
static WAITING: AtomicBool = AtomicBool::new(false);
/// When it last looked, in ns of `now`.
static LOOKED: AtomicU64 = AtomicU64::new(0);

struct State {
    jobs: VecDeque<Job>,
    threads: usize,
    /// Threads that wait for `FILLED`.
    asleep: usize,
    /// Those of them that were woken and have not come to it yet. Another thread may have taken their job by then, and they
    /// sleep on.
    woken: usize,
    /// A thread looks for jobs without sleeping; one is enough.
    watched: bool,
}

fn lock() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(|broken| broken.into_inner())
}

fn now() -> u64 {
    static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);
    FIRST.elapsed().as_nanos() as u64
}

/// Runs a job on one of the threads, as soon as one is free. Fails where there is no thread and none can be started.
pub fn run(job: Job) -> io::Result<()> {
    let mut state = lock();
    state.jobs.push_back(job);
    WAITING.store(true, Ordering::Relaxed);
    if state.watched && state.jobs.len() == 1 && now() < LOOKED.load(Ordering::Relaxed) + AWAY {
        return Ok(());
    }
    if state.asleep > state.woken {
        state.woken += 1;
        FILLED.notify_one();
    } else if state.threads < *MOST {
        match Builder::new().name("rust .async".into()).spawn(work) {
            Ok(_) => state.threads += 1,
            // The others will come to it.
            Err(_) if state.threads > 0 => {}
            Err(error) => {
                state.jobs.pop_back();
                return Err(error);
            }
        }
    }
    Ok(())
}

fn work() {
    let mut state = lock();
    loop {
        while let Some(job) = state.jobs.pop_front() {
            WAITING.store(!state.jobs.is_empty(), Ordering::Relaxed);
            drop(state);
            job();
            state = lock();
        }
        if !state.watched {
            state.watched = true;
            drop(state);
            watch();
            state = lock();
            state.watched = false;
        }
        while state.jobs.is_empty() {
            state.asleep += 1;
            state = FILLED.wait(state).unwrap_or_else(|broken| broken.into_inner());
            state.asleep -= 1;
            // Who wakes by itself takes the place of one that was woken, who then finds nothing and is free as well.
            state.woken = state.woken.saturating_sub(1);
        }
    }
}

/// Returns when there are jobs, or after `WATCH`. Whatever else has to run on this core goes first: it may be who brings work.
fn watch() {
    let start = now();
    loop {
        let time = now();
        LOOKED.store(time, Ordering::Relaxed);
        if WAITING.load(Ordering::Relaxed) || time >= start + WATCH {
            return;
        }
        yield_now();
    }
}
