//! Calls that the notebook can give up: what `AbortSignal`s reach in Rust.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ptr::null;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tandem_cell_host::abi::{Cancel, WakeFn};

thread_local! {
    /// By number, until the call has ended.
    static ALL: RefCell<HashMap<u32, Owned>> = RefCell::default();
    static LAST: Cell<u32> = const { Cell::new(0) };
    /// What the next call of this thread is given up by.
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// One owner of a `Cancel`.
pub struct Owned(*const Cancel);

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: this is one of its owners; the last one frees it.
        unsafe {
            if (*self.0).owners.fetch_sub(1, Ordering::AcqRel) == 1 {
                free(self.0);
            }
        }
    }
}

/// Makes the next call of this thread one that can be given up; its number.
pub fn make_next() -> u32 {
    let number = LAST.get().wrapping_add(1).max(1);
    LAST.set(number);
    let cancel = Box::into_raw(Box::new(Cancel {
        cancelled: AtomicBool::new(false),
        owners: AtomicUsize::new(1),
        free,
        task: AtomicUsize::new(0),
        wake: AtomicUsize::new(0),
        forget: AtomicUsize::new(0),
    }));
    ALL.with_borrow_mut(|all| all.insert(number, Owned(cancel)));
    NEXT.set(number);
    number
}

/// The call that begins now: its number, 0 for none.
pub fn begin() -> u32 {
    NEXT.replace(0)
}

/// Null for number 0. It is there until `end`.
pub fn of(number: u32) -> *const Cancel {
    ALL.with_borrow(|all| all.get(&number).map_or(null(), |one| one.0))
}

/// The call has ended.
pub fn end(number: u32) {
    ALL.with_borrow_mut(|all| all.remove(&number));
}

/// Gives a call up: Rust sees it in `tandem::cancelled()`, a task is dropped where it waits.
pub fn cancel(number: u32) {
    // SAFETY: owned by `ALL`, which only this thread changes.
    let Some(cancel) = (unsafe { of(number).as_ref() }) else {
        return;
    };
    cancel.cancelled.store(true, Ordering::SeqCst);
    let (task, wake) = (
        cancel.task.load(Ordering::SeqCst),
        cancel.wake.load(Ordering::SeqCst),
    );
    if task != 0 {
        // SAFETY: the cell stored a function of this type, before the task.
        let wake = unsafe { std::mem::transmute::<usize, WakeFn>(wake) };
        // SAFETY: the task is forgotten with the `Cancel`.
        unsafe { wake(task) };
    }
}

unsafe extern "C" fn free(cancel: *const Cancel) {
    // SAFETY: `make_next` made it, and its last owner frees it.
    let cancel = unsafe { Box::from_raw(cancel.cast_mut()) };
    let (task, forget) = (
        cancel.task.load(Ordering::SeqCst),
        cancel.forget.load(Ordering::SeqCst),
    );
    if task != 0 {
        // SAFETY: as in `cancel`.
        let forget = unsafe { std::mem::transmute::<usize, WakeFn>(forget) };
        // SAFETY: once.
        unsafe { forget(task) };
    }
}
