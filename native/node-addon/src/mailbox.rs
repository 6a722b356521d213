//! Work that other threads leave for the thread of a JavaScript environment. It is done when the event loop comes
//! round, or at once where that thread waits in `serve_until`.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use napi::sys;

use crate::failure::{check, string, Failure};

/// Done with the environment; with none where that has ended.
pub type Job = Box<dyn FnOnce(Option<sys::napi_env>) + Send>;

pub struct Mailbox {
    state: Mutex<State>,
    filled: Condvar,
    /// The number of the call in place that this thread is in and that does not serve; 0 for none.
    blocked: AtomicU64,
    /// Of this thread in /proc, where there is one.
    task: Option<String>,
}

struct State {
    jobs: VecDeque<Job>,
    closed: bool,
    wake: Wake,
}

struct Wake(sys::napi_threadsafe_function);
// SAFETY: a thread-safe function is made to be called from any thread.
unsafe impl Send for Wake {}

thread_local! {
    static HERE: RefCell<Option<Arc<Mailbox>>> = const { RefCell::new(None) };
    /// How many promises wait for other threads: while there are any, they keep the event loop alive.
    static PENDING: Cell<u32> = const { Cell::new(0) };
}

/// The mailbox of this thread's environment.
pub fn here(env: sys::napi_env) -> Result<Arc<Mailbox>, Failure> {
    if let Some(found) = HERE.with_borrow(Option::clone) {
        return Ok(found);
    }
    let name = string(env, "tandem: Rust's threads");
    let mut wake = null_mut();
    // SAFETY: `env` is the running one, results go to locals; the function is not called after `close`.
    check(unsafe {
        sys::napi_create_threadsafe_function(
            env,
            null_mut(),
            null_mut(),
            name,
            0,
            1,
            null_mut(),
            None,
            null_mut(),
            Some(woken),
            &mut wake,
        )
    })?;
    // SAFETY: as above. Only `hold` keeps the event loop alive.
    check(unsafe { sys::napi_unref_threadsafe_function(env, wake) })?;
    let mailbox = Arc::new(Mailbox {
        state: Mutex::new(State {
            jobs: VecDeque::new(),
            closed: false,
            wake: Wake(wake),
        }),
        filled: Condvar::new(),
        blocked: AtomicU64::new(0),
        task: std::fs::read_link("/proc/thread-self")
            .ok()
            .and_then(|path| path.to_str().map(|path| format!("/proc/{path}/stat"))),
    });
    HERE.set(Some(mailbox.clone()));
    // SAFETY: as above. The hook runs on this thread, before the thread-safe function's own.
    check(unsafe { sys::napi_add_env_cleanup_hook(env, Some(close), null_mut()) })?;
    Ok(mailbox)
}

unsafe extern "C" fn close(_: *mut c_void) {
    let Some(mailbox) = HERE.take() else { return };
    let left = {
        let mut state = mailbox.lock();
        state.closed = true;
        std::mem::take(&mut state.jobs)
    };
    for job in left {
        job(None);
    }
}

/// The event loop comes round.
unsafe extern "C" fn woken(env: sys::napi_env, _: sys::napi_value, _: *mut c_void, _: *mut c_void) {
    let Some(mailbox) = HERE.with_borrow(Option::clone).filter(|_| !env.is_null()) else {
        return;
    };
    loop {
        let Some(job) = mailbox.lock().jobs.pop_front() else {
            return;
        };
        run(env, job);
    }
}

fn run(env: sys::napi_env, job: Job) {
    let mut scope = null_mut();
    // SAFETY: `env` is the running one; the scope ends where it began.
    unsafe {
        sys::napi_open_handle_scope(env, &mut scope);
        job(Some(env));
        sys::napi_close_handle_scope(env, scope);
    }
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|broken| broken.into_inner())
    }

    pub fn is_here(&self) -> bool {
        HERE.with_borrow(|here| here.as_ref().is_some_and(|one| std::ptr::eq(&**one, self)))
    }

    /// Leaves a job, from any thread.
    pub fn post(&self, job: Job) {
        let late = {
            let mut state = self.lock();
            if state.closed {
                Some(job)
            } else {
                state.jobs.push_back(job);
                self.filled.notify_all();
                let mode = sys::ThreadsafeFunctionCallMode::nonblocking;
                // SAFETY: not closed, so the function is there.
                unsafe { sys::napi_call_threadsafe_function(state.wake.0, null_mut(), mode) };
                None
            }
        };
        if let Some(job) = late {
            job(None);
        }
    }

    /// Does jobs as they come, until `done` is set and told by `nudge`. On this mailbox's thread only.
    pub fn serve_until(&self, env: sys::napi_env, done: &AtomicBool) {
        loop {
            let job = {
                let mut state = self.lock();
                loop {
                    if done.load(Ordering::Acquire) {
                        return;
                    }
                    match state.jobs.pop_front() {
                        Some(job) => break job,
                        None => {
                            state = self
                                .filled
                                .wait(state)
                                .unwrap_or_else(|broken| broken.into_inner())
                        }
                    }
                }
            };
            run(env, job);
        }
    }

    pub fn nudge(&self) {
        let _state = self.lock();
        self.filled.notify_all();
    }

    /// Marks that this thread is in a call that does not serve, until the guard is dropped.
    pub fn block(&self) -> Blocked<'_> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Blocked {
            mailbox: self,
            before: self.blocked.swap(number, Ordering::SeqCst),
        }
    }

    /// The call that this thread waits in without serving, as far as can be told: one that uses the processor only works.
    pub fn waits_in(&self) -> Option<u64> {
        let number = self.blocked.load(Ordering::SeqCst);
        (number != 0 && self.sleeps()).then_some(number)
    }

    /// The state is the field behind the name in parentheses ("proc_pid_stat(5)").
    fn sleeps(&self) -> bool {
        let Some(stat) = self
            .task
            .as_ref()
            .and_then(|path| std::fs::read_to_string(path).ok())
        else {
            return true;
        };
        stat.rsplit_once(") ")
            .is_some_and(|(_, rest)| rest.starts_with('S'))
    }
}

pub struct Blocked<'a> {
    mailbox: &'a Mailbox,
    before: u64,
}

impl Drop for Blocked<'_> {
    fn drop(&mut self) {
        self.mailbox.blocked.store(self.before, Ordering::SeqCst);
    }
}

/// While JavaScript runs inside a call that does not serve, its thread is not blocked. Returns what `block_again` takes.
pub fn unblock(mailbox: &Mailbox) -> u64 {
    mailbox.blocked.swap(0, Ordering::SeqCst)
}

pub fn block_again(mailbox: &Mailbox, number: u64) {
    mailbox.blocked.store(number, Ordering::SeqCst);
}

/// A promise waits for another thread: the event loop goes on. Ended by `let_go`, both on the environment's thread.
pub fn hold(env: sys::napi_env, mailbox: &Mailbox) {
    PENDING.set(PENDING.get() + 1);
    if PENDING.get() == 1 {
        // SAFETY: the function lives until `close`.
        unsafe { sys::napi_ref_threadsafe_function(env, mailbox.lock().wake.0) };
    }
}

pub fn let_go(env: sys::napi_env, mailbox: &Mailbox) {
    PENDING.set(PENDING.get().saturating_sub(1));
    if PENDING.get() == 0 {
        // SAFETY: as above.
        unsafe { sys::napi_unref_threadsafe_function(env, mailbox.lock().wake.0) };
    }
}
