//! `async fn`s of cells: each is a task that tells the host when it is done, on the cell's runtime or on the small
//! executor here.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock};
use std::task::{Context, Poll, Wake, Waker};

use crate::abi::{panicked, Ended, IntoSlot, Slot, CANCELLED};
use crate::cancel::{enter, Cancel, CancellationToken, WakeSlot};

pub type Boxed = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What the host gives to start a task.
#[repr(C)]
pub struct Start {
    pub context: u64,
    /// Told once, on any thread: the status and the slot as of a call.
    pub complete: unsafe extern "C" fn(context: u64, status: i32, slot: Slot),
    /// Before and after each step, on the thread that makes it.
    pub watch: extern "C" fn(inside: bool) -> bool,
    /// Null where the call cannot be given up.
    pub cancel: *const Cancel,
}

/// Makes a task of a call and hands it to `run`.
///
/// # Safety
/// `start` is the host's, whose `cancel` has an owner until the task is complete.
pub unsafe fn start<R: IntoSlot, E: IntoSlot>(
    start: *const Start,
    call: impl Future<Output = Ended<R, E>> + Send + 'static,
    run: fn(Boxed),
) {
    // SAFETY: the caller's.
    let start = unsafe { &*start };
    let (context, complete, watch) = (start.context, start.complete, start.watch);
    // SAFETY: the caller's.
    let token = unsafe { CancellationToken::of(start.cancel) };
    let slot = Arc::new(WakeSlot::default());
    token.wakes(&slot);
    let step = Step {
        call: Some(Box::pin(call)),
        token,
        slot,
        watch,
    };
    run(Box::pin(async move {
        let (status, slot) = step.await;
        // SAFETY: the host's function, told once.
        unsafe { complete(context, status, slot) };
    }));
}

/// Polls a call so that panics do not leave it, and drops it when it is given up.
struct Step<F> {
    call: Option<Pin<Box<F>>>,
    token: CancellationToken,
    slot: Arc<WakeSlot>,
    watch: extern "C" fn(bool) -> bool,
}

impl<R: IntoSlot, E: IntoSlot, F: Future<Output = Ended<R, E>>> Future for Step<F> {
    type Output = (i32, Slot);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<(i32, Slot)> {
        if let Ok(mut waker) = self.slot.0.lock() {
            *waker = Some(context.waker().clone());
        }
        let before = enter(self.token.raw());
        let watched = (self.watch)(true);
        let given_up = self.token.is_cancelled();
        let this = &mut *self;
        let polled = catch_unwind(AssertUnwindSafe(|| {
            if given_up {
                // What it holds is dropped here: connections close.
                this.call = None;
                return Poll::Ready(None);
            }
            match &mut this.call {
                Some(call) => call.as_mut().poll(context).map(Some),
                None => Poll::Pending,
            }
        }));
        let ended = match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(None)) => Poll::Ready((CANCELLED, Slot::default())),
            Ok(Poll::Ready(Some(ended))) => Poll::Ready(ended.into_slot()),
            Err(payload) => {
                // A call that panicked must not be polled again.
                std::mem::forget(this.call.take());
                Poll::Ready(panicked(payload))
            }
        };
        (this.watch)(watched);
        enter(before);
        ended
    }
}

/// Runs tasks of cells without tokio: as many threads as the machine has cores, started when first needed.
pub fn run(future: Boxed) {
    static QUEUE: OnceLock<Arc<Queue>> = OnceLock::new();
    let queue = QUEUE.get_or_init(|| {
        let queue = Arc::new(Queue::default());
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        for _ in 0..threads {
            let queue = queue.clone();
            // Where a thread cannot be started the others do its work.
            let _ = std::thread::Builder::new()
                .name("rust cells".into())
                .spawn(move || queue.work());
        }
        queue
    });
    let task = Arc::new(Task {
        future: Mutex::new(Some(future)),
        queued: AtomicBool::new(true),
        queue: queue.clone(),
    });
    queue.push(task);
}

#[derive(Default)]
struct Queue {
    tasks: Mutex<VecDeque<Arc<Task>>>,
    filled: Condvar,
}

impl Queue {
    fn push(&self, task: Arc<Task>) {
        let mut tasks = self.tasks.lock().unwrap_or_else(|broken| broken.into_inner());
        tasks.push_back(task);
        self.filled.notify_one();
    }

    fn work(&self) {
        loop {
            let task = {
                let mut tasks = self.tasks.lock().unwrap_or_else(|broken| broken.into_inner());
                loop {
                    if let Some(task) = tasks.pop_front() {
                        break task;
                    }
                    tasks = self
                        .filled
                        .wait(tasks)
                        .unwrap_or_else(|broken| broken.into_inner());
                }
            };
            task.poll();
        }
    }
}

struct Task {
    future: Mutex<Option<Boxed>>,
    /// It stands in the queue: a second wake changes nothing.
    queued: AtomicBool,
    queue: Arc<Queue>,
}

impl Task {
    fn poll(self: Arc<Self>) {
        self.queued.store(false, Ordering::SeqCst);
        let waker = Waker::from(self.clone());
        let mut future = self.future.lock().unwrap_or_else(|broken| broken.into_inner());
        if let Some(one) = &mut *future {
            if one.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
                *future = None;
            }
        }
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        if !self.queued.swap(true, Ordering::SeqCst) {
            self.queue.clone().push(self);
        }
    }
}
