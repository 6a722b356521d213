//! The spans that cells have marked (`tandem::span!`).

use std::sync::Mutex;

use crate::abi::{Free, Slot};

type Take = extern "C" fn() -> Slot;
type Clock = extern "C" fn() -> u64;

/// Of each loaded library. Where they share the crate `tandem` the first one asked has all, and the others none.
static LIBRARIES: Mutex<Vec<(Take, Free, Clock)>> = Mutex::new(Vec::new());

pub fn add(take: Take, free: Free, clock: Clock) {
    LIBRARIES
        .lock()
        .unwrap_or_else(|broken| broken.into_inner())
        .push((take, free, clock));
}

fn libraries() -> Vec<(Take, Free, Clock)> {
    LIBRARIES
        .lock()
        .unwrap_or_else(|broken| broken.into_inner())
        .clone()
}

/// What each library has collected since it was last asked, as the crate `tandem` writes it: JSON.
pub fn take() -> Vec<String> {
    let texts = libraries().into_iter().map(|(take, free, _)| {
        let slot = take();
        // SAFETY: a text of the library's own, freed just below.
        let bytes = unsafe { std::slice::from_raw_parts(slot.a as *const u8, slot.b as usize) };
        let text = String::from_utf8_lossy(bytes).into_owned();
        // SAFETY: once.
        unsafe { free(slot) };
        text
    });
    texts.collect()
}

/// What each library's clock shows now, in nanoseconds of its own.
pub fn clocks() -> Vec<f64> {
    libraries()
        .into_iter()
        .map(|(_, _, clock)| clock() as f64)
        .collect()
}
