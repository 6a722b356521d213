//! Texts as UTF-8 that lives for the call.

use std::ptr::null_mut;

use napi::sys;
use tandem_cell_host::abi::Slot;

use crate::arguments::Reader;
use crate::failure::{check, Failure};

impl Reader<'_> {
    pub(super) fn text(&mut self, value: sys::napi_value, at: &dyn Fn() -> String) -> Result<Slot, Failure> {
        let mut length = 0usize;
        // SAFETY: without a buffer it gives the length in bytes.
        let status = unsafe { sys::napi_get_value_string_utf8(self.env, value, null_mut(), 0, &mut length) };
        if status != sys::Status::napi_ok {
            return Err(Failure::Type(format!(
                "{}: a string is expected, and it is {}.",
                at(),
                self.kind(value)
            )));
        }
        // Node-API writes a 0 behind the text.
        let mut words = vec![0u64; length / 8 + 1].into_boxed_slice();
        // SAFETY: room for the text and its 0.
        check(unsafe {
            sys::napi_get_value_string_utf8(
                self.env,
                value,
                words.as_mut_ptr().cast(),
                words.len() * 8,
                &mut length,
            )
        })?;
        Ok(Slot {
            a: self.keep_words(words),
            b: length as u64,
        })
    }

    pub(super) fn character(
        &mut self,
        value: sys::napi_value,
        at: &dyn Fn() -> String,
    ) -> Result<Slot, Failure> {
        let slot = self.text(value, at)?;
        // SAFETY: `text` wrote this many bytes of UTF-8 there, kept by the arena.
        let bytes = unsafe { std::slice::from_raw_parts(slot.a as *const u8, slot.b as usize) };
        let text = std::str::from_utf8(bytes).unwrap_or("");
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(one), None) => Ok(Slot { a: one as u64, b: 0 }),
            _ => Err(Failure::Type(format!(
                "{}: one character is expected, and the string is {text:?}.",
                at()
            ))),
        }
    }
}
