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
//!
//! Arguments are borrowed for the call. A result belongs to the cell's allocator: the host reads it and hands
//! the slot back to the function's own free.

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
unsafe fn borrowed<'a, T>(slot: &Slot) -> &'a [T] {
    if slot.b == 0 {
        return &[];
    }
    // SAFETY: by the contract above; an empty slice's address may be null and was handled.
    unsafe { std::slice::from_raw_parts(slot.a as *const T, slot.b as usize) }
}

/// # Safety
/// As `borrowed`, and nothing else reads or writes there meanwhile.
#[inline]
unsafe fn borrowed_mut<'a, T>(slot: &Slot) -> &'a mut [T] {
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

macro_rules! number {
    ($($type:ty, $bits:ident => $read:expr, $write:expr;)*) => {$(
        impl<'a> FromSlot<'a> for $type {
            #[inline]
            unsafe fn from_slot($bits: &'a Slot) -> Self { $read }
            #[inline]
            unsafe fn vec_from_slot(slot: &'a Slot) -> Vec<Self> {
                // SAFETY: a vector of numbers is lent as one block.
                unsafe { borrowed::<$type>(slot) }.to_vec()
            }
        }
        impl IntoSlot for $type {
            #[inline]
            fn into_slot(self) -> Slot { let $bits = self; Slot { a: $write, b: 0 } }
            #[inline]
            unsafe fn free(_: Slot) {}
            #[inline]
            fn vec_into_slot(values: Vec<Self>) -> Slot { give(values) }
            #[inline]
            unsafe fn free_vec(slot: Slot) {
                // SAFETY: `give` gave it away.
                drop(unsafe { owned::<$type>(slot) });
            }
        }
        impl<'a> FromSlot<'a> for &'a [$type] {
            #[inline]
            unsafe fn from_slot(slot: &'a Slot) -> Self {
                // SAFETY: the caller's.
                unsafe { borrowed(slot) }
            }
        }
        impl<'a> FromSlot<'a> for &'a mut [$type] {
            #[inline]
            unsafe fn from_slot(slot: &'a Slot) -> Self {
                // SAFETY: the caller's.
                unsafe { borrowed_mut(slot) }
            }
        }
    )*};
}
number! {
    i8, x => x.a as i8, x as u64;
    i16, x => x.a as i16, x as u64;
    i32, x => x.a as i32, x as u64;
    i64, x => x.a as i64, x as u64;
    u8, x => x.a as u8, x as u64;
    u16, x => x.a as u16, x as u64;
    u32, x => x.a as u32, x as u64;
    u64, x => x.a, x;
    f32, x => f32::from_bits(x.a as u32), x.to_bits() as u64;
    f64, x => f64::from_bits(x.a), x.to_bits();
}

macro_rules! word {
    ($($type:ty, $slot:ident => $read:expr, $value:ident => $write:expr;)*) => {$(
        impl<'a> FromSlot<'a> for $type {
            #[inline]
            unsafe fn from_slot($slot: &'a Slot) -> Self { $read }
        }
        impl IntoSlot for $type {
            #[inline]
            fn into_slot(self) -> Slot { let $value = self; $write }
            #[inline]
            unsafe fn free(_: Slot) {}
        }
    )*};
}
word! {
    isize, s => s.a as isize, x => Slot { a: x as u64, b: 0 };
    usize, s => s.a as usize, x => Slot { a: x as u64, b: 0 };
    i128, s => (s.a as u128 | (s.b as u128) << 64) as i128, x => Slot { a: x as u64, b: (x >> 64) as u64 };
    u128, s => s.a as u128 | (s.b as u128) << 64, x => Slot { a: x as u64, b: (x >> 64) as u64 };
    bool, s => s.a != 0, x => Slot { a: x as u64, b: 0 };
    char, s => char::from_u32(s.a as u32).unwrap_or(char::REPLACEMENT_CHARACTER), x => Slot { a: x as u64, b: 0 };
    (), _s => (), _x => Slot::default();
}

impl<'a> FromSlot<'a> for &'a str {
    #[inline]
    unsafe fn from_slot(slot: &'a Slot) -> Self {
        // SAFETY: the host lends UTF-8.
        unsafe { std::str::from_utf8_unchecked(borrowed(slot)) }
    }
}

impl<'a> FromSlot<'a> for String {
    #[inline]
    unsafe fn from_slot(slot: &'a Slot) -> Self {
        // SAFETY: as for &str.
        unsafe { <&str>::from_slot(slot) }.to_string()
    }
}

impl IntoSlot for String {
    #[inline]
    fn into_slot(self) -> Slot {
        give(self.into_bytes())
    }
    #[inline]
    unsafe fn free(slot: Slot) {
        // SAFETY: `give` gave it away.
        drop(unsafe { owned::<u8>(slot) });
    }
}

impl<'a, T: FromSlot<'a>> FromSlot<'a> for Vec<T> {
    #[inline]
    unsafe fn from_slot(slot: &'a Slot) -> Self {
        // SAFETY: the caller's.
        unsafe { T::vec_from_slot(slot) }
    }
}

impl<T: IntoSlot> IntoSlot for Vec<T> {
    #[inline]
    fn into_slot(self) -> Slot {
        T::vec_into_slot(self)
    }
    #[inline]
    unsafe fn free(slot: Slot) {
        // SAFETY: the caller's.
        unsafe { T::free_vec(slot) }
    }
}

impl<'a, T: FromSlot<'a>> FromSlot<'a> for Option<T> {
    #[inline]
    unsafe fn from_slot(slot: &'a Slot) -> Self {
        // SAFETY: none is an address of 0; else it is that of one slot.
        unsafe { (slot.a as *const Slot).as_ref().map(|slot| T::from_slot(slot)) }
    }
}

impl<T: IntoSlot> IntoSlot for Option<T> {
    #[inline]
    fn into_slot(self) -> Slot {
        self.map_or(Slot::default(), |value| Slot {
            a: Box::into_raw(Box::new(value.into_slot())) as u64,
            b: 1,
        })
    }
    #[inline]
    unsafe fn free(slot: Slot) {
        if slot.a != 0 {
            // SAFETY: `into_slot` made this box.
            let inner = unsafe { Box::from_raw(slot.a as *mut Slot) };
            // SAFETY: and what is in it came from the value's `into_slot`.
            unsafe { T::free(*inner) }
        }
    }
}

macro_rules! tuple {
    ($($name:ident $index:tt),*) => {
        impl<'a, $($name: FromSlot<'a>),*> FromSlot<'a> for ($($name,)*) {
            #[inline]
            unsafe fn from_slot(slot: &'a Slot) -> Self {
                // SAFETY: a tuple lends one slot for each element.
                unsafe { let all = slots(slot); ($($name::from_slot(&all[$index]),)*) }
            }
        }
        impl<$($name: IntoSlot),*> IntoSlot for ($($name,)*) {
            #[inline]
            fn into_slot(self) -> Slot { give(vec![$(self.$index.into_slot()),*]) }
            #[inline]
            unsafe fn free(slot: Slot) {
                // SAFETY: `into_slot` gave one slot for each element.
                unsafe { let all = owned::<Slot>(slot); $($name::free(all[$index]);)* }
            }
        }
    };
}
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);

/// What a call gives beside a panic.
pub enum Ended<R, E> {
    Value(R),
    Text(String),
    Thrown(String, E),
}

/// An `Err` that is never: of functions without one, or with one whose text alone crosses.
pub enum Never {}
impl IntoSlot for Never {
    #[inline]
    fn into_slot(self) -> Slot {
        match self {}
    }
    #[inline]
    unsafe fn free(_: Slot) {}
}

/// Runs a call so that neither a panic nor an error leaves it other than as a status and a text.
///
/// # Safety
/// `out` is valid for a write.
#[inline]
pub unsafe fn guard<R: IntoSlot, E: IntoSlot>(out: *mut Slot, call: impl FnOnce() -> Ended<R, E>) -> i32 {
    let (status, slot) = match std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)) {
        Ok(Ended::Value(value)) => (DONE, value.into_slot()),
        Ok(Ended::Text(text)) => (FAILED, text.into_slot()),
        Ok(Ended::Thrown(text, value)) => (FAILED_WITH, (text, value).into_slot()),
        Err(payload) => (PANICKED, panic_text(payload).into_slot()),
    };
    // SAFETY: the caller's.
    unsafe { out.write(slot) };
    status
}

#[cold]
fn panic_text(payload: Box<dyn std::any::Any + Send>) -> String {
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => match payload.downcast::<&str>() {
            Ok(text) => text.to_string(),
            Err(payload) => {
                // Dropping a payload of the user's may panic again: it is left alone.
                std::mem::forget(payload);
                "a value that is no text".to_string()
            }
        },
    }
}

#[inline]
fn lend(text: &str) -> Slot {
    Slot {
        a: text.as_ptr() as u64,
        b: text.len() as u64,
    }
}

/// Reports panics to the host, once for all cells; it adds their place to the error; those of the user's own threads are printed as ever.
#[inline]
pub fn report_panics(on_panic: OnPanic) {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| install(on_panic));
}

fn install(on_panic: OnPanic) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let (file, line, column) = info
            .location()
            .map_or(("", 0, 0), |l| (l.file(), l.line(), l.column()));
        let payload = info.payload();
        let message = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied())
            .unwrap_or("");
        // SAFETY: the host's function reads the texts during the call.
        let taken = unsafe { on_panic(lend(message), lend(file), line, column) };
        if !taken {
            before(info);
        }
    }));
}

/// The text of an error of any type: by `Display`, else by `Debug`, else its type's name. Called on `&&&Shown`, method
/// resolution tries them in this order.
pub struct Shown<'a, E>(pub &'a E);
pub trait ByDisplay {
    fn text(&self) -> String;
}
pub trait ByDebug {
    fn text(&self) -> String;
}
pub trait ByName {
    fn text(&self) -> String;
}
impl<E: std::fmt::Display> ByDisplay for &&Shown<'_, E> {
    #[inline]
    fn text(&self) -> String {
        self.0.to_string()
    }
}
impl<E: std::fmt::Debug> ByDebug for &Shown<'_, E> {
    #[inline]
    fn text(&self) -> String {
        format!("{:?}", self.0)
    }
}
impl<E> ByName for Shown<'_, E> {
    #[inline]
    fn text(&self) -> String {
        let name = std::any::type_name::<E>();
        name.rsplit("::").next().unwrap_or(name).to_string()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<T: IntoSlot + for<'a> FromSlot<'a> + Clone + PartialEq + std::fmt::Debug>(value: T) {
        let slot = value.clone().into_slot();
        // SAFETY: the slot was just made of this type; arguments and results have one layout.
        assert_eq!(unsafe { T::from_slot(&*(&slot as *const Slot)) }, value);
        // SAFETY: it is freed once and not used again.
        unsafe { T::free(slot) };
    }

    #[test]
    fn values_come_back_as_they_went() {
        round_trip(-5i8);
        round_trip(u64::MAX);
        round_trip(i128::MIN);
        round_trip(f32::MIN_POSITIVE);
        round_trip('é');
        round_trip("a — b".to_string());
        round_trip(vec![1.5, -0.0]);
        round_trip(Vec::<i64>::new());
        round_trip(Vec::<String>::new());
        round_trip(vec![Some("x".to_string()), None]);
        round_trip(Some(vec![(1u32, true, vec![3usize]), (2, false, vec![])]));
    }

    #[test]
    fn a_panic_and_an_error_become_texts() {
        let mut out = Slot::default();
        // SAFETY: `out` is a slot; each text is freed once.
        unsafe {
            assert_eq!(guard::<u8, Never>(&mut out, || panic!("no {}", 1)), PANICKED);
            assert_eq!(<&str>::from_slot(&*(&out as *const Slot)), "no 1");
            String::free(out);
            assert_eq!(guard::<u8, Never>(&mut out, || Ended::Text("bad".into())), FAILED);
            String::free(out);
        }
    }
}
