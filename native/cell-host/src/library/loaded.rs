//! A function of a loaded cell: its calls, and what they end with.

use std::sync::atomic::{AtomicPtr, Ordering};

use crate::abi::{Cancel, Entry, Free, Slot, Start};
use crate::exports::Function;
use crate::panics;

/// A function of a loaded cell.
pub struct Loaded {
    pub signature: Function,
    /// A leaked `Code`.
    code: AtomicPtr<Code>,
}

/// What a library has for a function.
pub struct Code {
    pub entry: Entry,
    pub free: Free,
    pub free_text: Free,
    pub free_error: Option<Free>,
    /// Of an `async fn`, which has no entry to call.
    pub start: Option<StartTask>,
    pub enter: Enter,
}

/// Starts an `async fn`: reads its arguments before it returns; the status and the slot are those of a call.
pub type StartTask = unsafe extern "C" fn(*const Slot, *const Start, *mut Slot) -> i32;
/// Sets what the calls of this thread are given up by.
pub type Enter = extern "C" fn(*const Cancel) -> *const Cancel;

/// What a call ended with. The text of a panic and of a plain failure was freed.
pub enum Outcome {
    /// To be given to `Loaded::free` once it was read.
    Done(Slot),
    Panicked {
        text: String,
        place: Option<panics::Place>,
    },
    Failed(String),
    /// A pair of a text and a value of the cells' own type, to be given to `Loaded::free_error` once it was read.
    Thrown(Slot),
    /// A function of the notebook threw: what the host knows the error by.
    Passed(u64),
    Cancelled,
}

/// In the place of an `async fn`'s entry: such a function is started and never called.
pub unsafe extern "C" fn no_entry(_: *const Slot, _: *mut Slot) -> i32 {
    crate::abi::CANCELLED
}

impl Loaded {
    /// `code` lives as long as the process.
    pub fn new(signature: Function, code: Code) -> Loaded {
        Loaded {
            signature,
            code: AtomicPtr::new(Box::leak(Box::new(code))),
        }
    }

    #[inline]
    fn code(&self) -> &'static Code {
        // SAFETY: it points to what `load` leaked, and to nothing else ever.
        unsafe { &*self.code.load(Ordering::Acquire) }
    }

    /// Runs the code of another build of the same function from the next call on. What the earlier build gave may be freed
    /// by this one: source, compiler and allocator are the same.
    pub fn replace(&self, other: &Loaded) {
        self.code
            .store(other.code.load(Ordering::Acquire), Ordering::Release);
    }

    /// Calls the function.
    ///
    /// # Safety
    /// `arguments` has a slot for each parameter, of the parameter's type by the ABI's table, valid for the call;
    /// mutable slices do not overlap any other.
    pub unsafe fn call(&self, arguments: &[Slot]) -> Outcome {
        let mut out = Slot::default();
        // SAFETY: the caller's.
        let status = panics::watched(|| unsafe { self.call_bare(arguments, &mut out) });
        self.outcome(status, out)
    }

    /// Calls the function on a thread of `panics::watch_thread`: the status, and the slot in `out`.
    ///
    /// # Safety
    /// As `call`.
    #[inline]
    pub unsafe fn call_bare(&self, arguments: &[Slot], out: &mut Slot) -> i32 {
        // SAFETY: the caller's; `out` is a slot.
        unsafe { (self.code().entry)(arguments.as_ptr(), out) }
    }

    /// What a status and its slot tell.
    pub fn outcome(&self, status: i32, out: Slot) -> Outcome {
        match status {
            crate::abi::DONE => Outcome::Done(out),
            status => self.ended(status, out),
        }
    }

    /// As `call`, for a call that can be given up.
    ///
    /// # Safety
    /// As `call`; `cancel` has an owner meanwhile, or is null.
    pub unsafe fn call_cancellable(&self, arguments: &[Slot], cancel: *const Cancel) -> Outcome {
        let before = (self.code().enter)(cancel);
        // SAFETY: the caller's.
        let outcome = unsafe { self.call(arguments) };
        (self.code().enter)(before);
        outcome
    }

    /// Starts an `async fn`; `start.complete` is told its end. An outcome here means that it was not started.
    ///
    /// # Safety
    /// As `call`, but what the slots point to lives until the task is complete, and so does `start.cancel`.
    pub unsafe fn start(&self, arguments: &[Slot], start: &Start) -> Option<Outcome> {
        let begin = self.code().start?;
        let mut out = Slot::default();
        // SAFETY: the caller's.
        let status = panics::watched(|| unsafe { begin(arguments.as_ptr(), start, &mut out) });
        (status != crate::abi::DONE).then(|| self.ended(status, out))
    }

    #[cold]
    fn ended(&self, status: i32, out: Slot) -> Outcome {
        match status {
            crate::abi::FAILED_WITH => return Outcome::Thrown(out),
            crate::abi::THREW => return Outcome::Passed(out.a),
            crate::abi::CANCELLED => return Outcome::Cancelled,
            _ => {}
        }
        // SAFETY: any other status comes with a text of the cell's, freed just below.
        let bytes = unsafe { std::slice::from_raw_parts(out.a as *const u8, out.b as usize) };
        let text = String::from_utf8_lossy(bytes).into_owned();
        // SAFETY: it is freed once.
        unsafe { (self.code().free_text)(out) };
        if status == crate::abi::FAILED {
            Outcome::Failed(text)
        } else {
            let place = panics::take(&text);
            Outcome::Panicked { text, place }
        }
    }

    /// # Safety
    /// The slot is a result of `call` on this function and is not used again.
    pub unsafe fn free(&self, slot: Slot) {
        // SAFETY: the caller's.
        unsafe { (self.code().free)(slot) }
    }

    /// # Safety
    /// The slot is of an `Outcome::Thrown` of this function and is not used again.
    pub unsafe fn free_error(&self, slot: Slot) {
        if let Some(free) = self.code().free_error {
            // SAFETY: the caller's.
            unsafe { free(slot) }
        }
    }

    /// The function that frees its results, for an owner that outlives this borrow.
    pub fn free_function(&self) -> Free {
        self.code().free
    }
}
