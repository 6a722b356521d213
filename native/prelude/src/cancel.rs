//! Whether the notebook has given a call up: its `AbortSignal`, seen from Rust.

use std::cell::Cell;
use std::ptr::null;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Waker;

/// What host and cell share of one call that can be given up. The host makes it; who lets go of it last frees it.
#[repr(C)]
pub struct Cancel {
    pub cancelled: AtomicBool,
    pub owners: AtomicUsize,
    pub free: unsafe extern "C" fn(*const Cancel),
    /// Of an `async fn`: an `Arc<WakeSlot>` given away, and what wakes and frees it. 0 without one.
    pub task: AtomicUsize,
    pub wake: AtomicUsize,
    pub forget: AtomicUsize,
}

pub type WakeFn = unsafe extern "C" fn(usize);

/// Wakes the task that polls now.
#[derive(Default)]
pub struct WakeSlot(pub Mutex<Option<Waker>>);

thread_local! {
    static CURRENT: Cell<*const Cancel> = const { Cell::new(null()) };
}

/// Sets what the calls of this thread can be given up by; returns what was set before.
pub fn enter(cancel: *const Cancel) -> *const Cancel {
    CURRENT.replace(cancel)
}

/// Whether the notebook has aborted the signal of the call that runs: `f.async(x, { signal })`.
#[inline]
pub fn cancelled() -> bool {
    // SAFETY: it is set for the time of a call, and the host keeps it that long.
    unsafe { CURRENT.get().as_ref() }.is_some_and(|one| one.cancelled.load(Ordering::Relaxed))
}

/// The same for other threads: taken in the call, cloned and moved to where the work is.
pub struct CancellationToken(*const Cancel);

// SAFETY: what it points to is atomics, and counted.
unsafe impl Send for CancellationToken {}
// SAFETY: as above.
unsafe impl Sync for CancellationToken {}

impl CancellationToken {
    /// Of the call that runs on this thread. Without a signal it is never cancelled.
    pub fn current() -> CancellationToken {
        // SAFETY: see `of`.
        unsafe { Self::of(CURRENT.get()) }
    }

    /// # Safety
    /// The pointer is null, or of a `Cancel` that has an owner now.
    pub(crate) unsafe fn of(cancel: *const Cancel) -> CancellationToken {
        // SAFETY: the caller's.
        if let Some(one) = unsafe { cancel.as_ref() } {
            one.owners.fetch_add(1, Ordering::Relaxed);
        }
        CancellationToken(cancel)
    }

    pub fn is_cancelled(&self) -> bool {
        // SAFETY: this is one of its owners.
        unsafe { self.0.as_ref() }.is_some_and(|one| one.cancelled.load(Ordering::SeqCst))
    }

    pub(crate) fn raw(&self) -> *const Cancel {
        self.0
    }

    /// Lets the host wake the task that polls.
    pub(crate) fn wakes(&self, slot: &Arc<WakeSlot>) {
        // SAFETY: as above.
        let Some(cancel) = (unsafe { self.0.as_ref() }) else {
            return;
        };
        cancel.wake.store(wake as WakeFn as usize, Ordering::SeqCst);
        cancel.forget.store(forget as WakeFn as usize, Ordering::SeqCst);
        cancel
            .task
            .store(Arc::into_raw(slot.clone()) as usize, Ordering::SeqCst);
    }
}

impl Clone for CancellationToken {
    fn clone(&self) -> CancellationToken {
        // SAFETY: this is one of its owners.
        unsafe { Self::of(self.0) }
    }
}

impl Drop for CancellationToken {
    fn drop(&mut self) {
        // SAFETY: as above; the last owner frees it.
        unsafe {
            if let Some(one) = self.0.as_ref() {
                if one.owners.fetch_sub(1, Ordering::AcqRel) == 1 {
                    (one.free)(self.0);
                }
            }
        }
    }
}

unsafe extern "C" fn wake(task: usize) {
    // SAFETY: an Arc's address, given by `wakes` and not yet forgotten.
    let slot = unsafe { &*(task as *const WakeSlot) };
    if let Ok(mut waker) = slot.0.lock() {
        if let Some(waker) = waker.take() {
            waker.wake();
        }
    }
}

unsafe extern "C" fn forget(task: usize) {
    // SAFETY: as above; it is taken back once.
    drop(unsafe { Arc::from_raw(task as *const WakeSlot) });
}
