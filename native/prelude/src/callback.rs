//! Functions of the notebook that Rust calls. The host decides on which thread they run.

use crate::abi::{FromSlot, IntoSlot, Slot, DONE};

/// What the host gives with each function: how it is called and let go of.
#[repr(C)]
pub struct CallbackTable {
    /// Calls function `id` with a tuple's slots, from any thread, and waits for its answer. Any status but `DONE` comes
    /// with the error's text in the answer's slot.
    pub call: unsafe extern "C" fn(id: u64, arguments: *mut Slot, count: usize, answer: *mut Answer) -> i32,
    /// Frees what an answer's slot points to.
    pub end: unsafe extern "C" fn(kept: u64),
    /// The function is not called again.
    pub release: unsafe extern "C" fn(id: u64),
}

/// A function's answer, valid until `CallbackTable::end`.
#[repr(C)]
#[derive(Default)]
pub struct Answer {
    pub slot: Slot,
    /// The host's.
    pub kept: u64,
    /// Of an error: what the host knows it by.
    pub error: u64,
}

/// A function of the notebook. It may go to other threads and live on after the call.
pub struct Callback {
    id: u64,
    table: &'static CallbackTable,
}

impl Drop for Callback {
    fn drop(&mut self) {
        // SAFETY: the host's function; this is the id's one owner.
        unsafe { (self.table.release)(self.id) }
    }
}

/// What a panic carries through Rust's frames when a function of the notebook threw: the host knows its error by it.
pub struct Thrown(pub u64);

/// The error that a function of the notebook threw, for callbacks that return a `Result`.
#[derive(Debug, Clone)]
pub struct CallbackError(String);

impl std::fmt::Display for CallbackError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for CallbackError {}
impl From<CallbackError> for String {
    fn from(error: CallbackError) -> String {
        error.0
    }
}

impl Callback {
    /// # Safety
    /// The slot is the host's for this call: an id that nobody else owns, and the address of a table that lives as long
    /// as the process.
    pub unsafe fn from_slot(slot: &Slot) -> Callback {
        // SAFETY: the caller's.
        let table = unsafe { &*(slot.b as *const CallbackTable) };
        Callback { id: slot.a, table }
    }

    /// Calls the function. What it throws unwinds through the caller, back to the notebook.
    pub fn call<A: IntoSlot, R: for<'a> FromSlot<'a>>(&self, arguments: A) -> R {
        match self.try_call(arguments) {
            Ok(value) => value,
            Err((_, 0, text)) => panic!("{text}"),
            // Its place is in the notebook: the hook has nothing to add.
            Err((_, error, _)) => std::panic::resume_unwind(Box::new(Thrown(error))),
        }
    }

    /// Calls a function whose Rust type returns a `Result`: what it throws is the `Err`.
    pub fn call_fallible<A: IntoSlot, R: for<'a> FromSlot<'a>, E: From<CallbackError>>(
        &self,
        arguments: A,
    ) -> Result<R, E> {
        self.try_call(arguments)
            .map_err(|(_, _, text)| CallbackError(text).into())
    }

    fn try_call<A: IntoSlot, R: for<'a> FromSlot<'a>>(&self, arguments: A) -> Result<R, (i32, u64, String)> {
        let slot = arguments.into_slot();
        let mut answer = Answer::default();
        // SAFETY: a tuple's slot is the address of its slots, none for the empty one.
        let status = unsafe { (self.table.call)(self.id, slot.a as *mut Slot, slot.b as usize, &mut answer) };
        // SAFETY: the host emptied the slots of what it took over; the rest is freed once.
        unsafe { A::free(slot) };
        let result = if status == DONE {
            // SAFETY: the host made it of this type, and keeps what it points to until `end`.
            Ok(unsafe { R::from_slot(&*(&answer.slot as *const Slot)) })
        } else {
            // SAFETY: any other status comes with a text.
            Err((status, answer.error, unsafe {
                String::from_slot(&*(&answer.slot as *const Slot))
            }))
        };
        if answer.kept != 0 {
            // SAFETY: what it kept was copied, and is not used again.
            unsafe { (self.table.end)(answer.kept) };
        }
        result
    }
}
