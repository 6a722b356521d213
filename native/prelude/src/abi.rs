//! What a cell and its host agree on.
//!
//! A value crosses in one slot of two words:
//!
//! | value | a | b |
//! |---|---|---|
//! | integers, bool, char, floats (bits) | the low word | the high word of 128-bit integers |
//! | text, arrays of numbers | address | length in elements |
//! | other vectors, tuples | address of their slots | how many |
//! | option | 0 for none, else the address of one slot | 1 |
//! | map, set | address of the entries' slots, a pair's or an element's | how many |
//! | struct | address of one slot for each field | how many |
//! | enum | address of one slot for the variant's number and one for each of its fields | how many |
//! | instance | address | 0 |
//! | `&dyn Trait` | the two words of the reference | |
//! | `&impl Trait` | address of the instance | which of the implementors |
//! | function of the notebook | what the host knows it by | address of a `CallbackTable` |
//!
//! Arguments are borrowed for the call. A result belongs to the cell's allocator: the host reads it and hands
//! the slot back to the function's own free.

pub use crate::callback::{Answer, Callback, CallbackTable, Thrown};
pub use crate::cancel::{enter, Cancel, WakeFn};
pub use crate::guard::*;
pub use crate::tasks::{self, Start};

#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slot {
    pub a: u64,
    pub b: u64,
}

/// The call returned a value.
pub const DONE: i32 = 0;
/// The function panicked; the slot holds the message.
pub const PANICKED: i32 = 1;
/// The function returned an `Err`; the slot holds its text.
pub const FAILED: i32 = 2;
/// The function returned an `Err` of a type of the cells; the slot holds a pair of its text and its value.
pub const FAILED_WITH: i32 = 3;
/// A function of the notebook threw, and nothing in Rust took it; the slot holds what the host knows its error by.
pub const THREW: i32 = 4;
/// The task was given up and dropped.
pub const CANCELLED: i32 = 5;

/// A panic's message, and its place: file, line, column. Texts are slots that are valid for the call. Returns whether the
/// host takes care of it.
pub type OnPanic = unsafe extern "C" fn(message: Slot, file: Slot, line: u32, column: u32) -> bool;

pub type Entry = unsafe extern "C" fn(*const Slot, *mut Slot) -> i32;
pub type Free = unsafe extern "C" fn(Slot);

/// Reads an argument.
pub trait FromSlot<'a>: Sized {
    /// # Safety
    /// The slot holds a value of this type, and what it points to lives for `'a`, mutable slices apart from all others.
    unsafe fn from_slot(slot: &'a Slot) -> Self;

    /// # Safety
    /// As `from_slot`, for a vector of this type.
    #[inline]
    unsafe fn vec_from_slot(slot: &'a Slot) -> Vec<Self> {
        // SAFETY: the caller's slot is that of a vector of slots.
        unsafe { slots(slot) }
            .iter()
            // SAFETY: each of its slots holds a value of this type.
            .map(|slot| unsafe { Self::from_slot(slot) })
            .collect()
    }
}

/// Hands a result out, and takes it back to be freed.
pub trait IntoSlot: Sized {
    fn into_slot(self) -> Slot;

    /// # Safety
    /// The slot came from `into_slot` of this type and is not used again.
    unsafe fn free(slot: Slot);

    /// A pair of an error's text and its value.
    #[inline]
    fn with_text(self, text: String) -> Slot {
        (text, self).into_slot()
    }

    #[inline]
    fn vec_into_slot(values: Vec<Self>) -> Slot {
        let slots: Box<[Slot]> = values.into_iter().map(Self::into_slot).collect();
        let length = slots.len() as u64;
        Slot {
            a: Box::into_raw(slots) as *mut Slot as u64,
            b: length,
        }
    }

    /// # Safety
    /// As `free`, for a slot of `vec_into_slot`.
    #[inline]
    unsafe fn free_vec(slot: Slot) {
        // SAFETY: `vec_into_slot` made this box of slots, and it is given back once.
        let slots = unsafe { owned::<Slot>(slot) };
        for slot in slots.iter() {
            // SAFETY: each of its slots came from `into_slot` of this type.
            unsafe { Self::free(*slot) }
        }
    }
}

/// # Safety
/// The slot is an address and a length of values that live for `'a`.
#[inline]
pub(crate) unsafe fn borrowed<'a, T>(slot: &Slot) -> &'a [T] {
    if slot.b == 0 {
        return &[];
    }
    // SAFETY: by the contract above; an empty slice's address may be null and was handled.
    unsafe { std::slice::from_raw_parts(slot.a as *const T, slot.b as usize) }
}

/// # Safety
/// As `borrowed`, and nothing else reads or writes there meanwhile.
#[inline]
pub(crate) unsafe fn borrowed_mut<'a, T>(slot: &Slot) -> &'a mut [T] {
    if slot.b == 0 {
        return &mut [];
    }
    // SAFETY: by the contract above.
    unsafe { std::slice::from_raw_parts_mut(slot.a as *mut T, slot.b as usize) }
}

/// # Safety
/// The slot is a vector's or a tuple's.
#[inline]
pub unsafe fn slots<'a>(slot: &Slot) -> &'a [Slot] {
    // SAFETY: the caller's.
    unsafe { borrowed(slot) }
}

/// # Safety
/// The slot is the address and length of a box that was given away, and it is taken back once.
#[inline]
pub unsafe fn owned<T>(slot: Slot) -> Box<[T]> {
    let slice = std::ptr::slice_from_raw_parts_mut(slot.a as *mut T, slot.b as usize);
    // SAFETY: the caller's.
    unsafe { Box::from_raw(slice) }
}

#[inline]
pub fn give<T>(values: Vec<T>) -> Slot {
    let values = values.into_boxed_slice();
    let length = values.len() as u64;
    Slot {
        a: Box::into_raw(values) as *mut T as u64,
        b: length,
    }
}
/// The two words of a reference to a trait object; code of the same compiler reads them back by `dynamic`.
#[inline]
pub fn words<T: ?Sized>(reference: &T) -> Slot {
    const { assert!(size_of::<&T>() == size_of::<Slot>()) }
    // SAFETY: both are two words, and any two words are a slot.
    unsafe { std::mem::transmute_copy(&reference) }
}

/// # Safety
/// The slot came from `words` of this type, and the instance lives as long as the slot.
#[inline]
pub unsafe fn dynamic<T: ?Sized>(slot: &Slot) -> &T {
    const { assert!(size_of::<&T>() == size_of::<Slot>()) }
    // SAFETY: the caller's.
    unsafe { std::mem::transmute_copy(slot) }
}

/// # Safety
/// As `dynamic`, and nothing else refers to the instance meanwhile.
#[inline]
// The slot is not what is borrowed: the instance that it points to is.
#[allow(clippy::mut_from_ref)]
pub unsafe fn dynamic_mut<T: ?Sized>(slot: &Slot) -> &mut T {
    const { assert!(size_of::<&mut T>() == size_of::<Slot>()) }
    // SAFETY: the caller's.
    unsafe { std::mem::transmute_copy(slot) }
}
