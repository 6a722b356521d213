//! The way around a call: panics and errors leave it as statuses and texts.

use crate::abi::{IntoSlot, OnPanic, Slot, DONE, FAILED, FAILED_WITH, PANICKED, THREW};
use crate::callback::Thrown;

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
    #[inline]
    fn with_text(self, _: String) -> Slot {
        match self {}
    }
}

/// Runs a call so that neither a panic nor an error leaves it other than as a status and a text.
///
/// # Safety
/// `out` is valid for a write.
#[inline]
pub unsafe fn guard<R: IntoSlot, E: IntoSlot>(out: *mut Slot, call: impl FnOnce() -> Ended<R, E>) -> i32 {
    let (status, slot) = match std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)) {
        Ok(ended) => ended.into_slot(),
        Err(payload) => panicked(payload),
    };
    // SAFETY: the caller's.
    unsafe { out.write(slot) };
    status
}

impl<R: IntoSlot, E: IntoSlot> Ended<R, E> {
    /// The status of a call and its slot.
    #[inline]
    pub fn into_slot(self) -> (i32, Slot) {
        match self {
            Ended::Value(value) => (DONE, value.into_slot()),
            Ended::Text(text) => (FAILED, text.into_slot()),
            Ended::Thrown(text, value) => (FAILED_WITH, value.with_text(text)),
        }
    }
}

/// The status and the slot of a call that panicked.
#[cold]
pub fn panicked(payload: Box<dyn std::any::Any + Send>) -> (i32, Slot) {
    match payload.downcast::<Thrown>() {
        Ok(thrown) => (THREW, Slot { a: thrown.0, b: 0 }),
        Err(payload) => (PANICKED, panic_text(payload).into_slot()),
    }
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
#[inline(never)]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::FromSlot;

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
