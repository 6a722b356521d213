//! The spans that cells have marked (`tandem::span!`).

use std::sync::Mutex;

use crate::abi::{Free, Slot};

type Take = extern "C" fn() -> Slot;

/// Of each loaded library. Where they share the crate `tandem` the first one asked has all, and the others none.
static LIBRARIES: Mutex<Vec<(Take, Free)>> = Mutex::new(Vec::new());

pub fn add(take: Take, free: Free) {
    LIBRARIES
        .lock()
        .unwrap_or_else(|broken| broken.into_inner())
        .push((take, free));
}

/// What each library has collected since it was last asked, as the crate `tandem` writes it: JSON.
pub fn take() -> Vec<String> {
    let libraries = LIBRARIES
        .lock()
        .unwrap_or_else(|broken| broken.into_inner())
        .clone();
    let texts = libraries.into_iter().map(|(take, free)| {
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
