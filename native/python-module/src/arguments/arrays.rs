//! Buffers of numbers, lent where they lie or copied, and lists of numbers.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use tandem_cell_host::abi::Slot;
use tandem_cell_host::number::Number;
use tandem_cell_host::types::Type;

use crate::arguments::{kind, At, Read, Reader};
use crate::buffer::{self, Pinned};
use crate::ranges::Range;

impl<'py> Reader<'_, 'py> {
    /// A buffer, in place or copied as this call needs; for what Rust only reads, also a sequence of numbers.
    pub(super) fn slice(
        &mut self,
        value: &Bound<'py, PyAny>,
        element: Number,
        mutable: bool,
        at: At,
    ) -> Read {
        let Some(pinned) = self.pin(value, element, mutable, at)? else {
            if mutable {
                let wanted = format!(
                    "a writable buffer of {}, such as {}",
                    element.name(),
                    example(element)
                );
                return Err(self.wrong(value, &wanted, at));
            }
            return self.packed(value, element, at);
        };
        let width = element.array_width().unwrap_or(1);
        let (start, bytes) = (pinned.address(), pinned.bytes());
        let slot = Slot {
            a: start as u64,
            b: (bytes / width) as u64,
        };
        // Rust's references are aligned; Python's buffers need not be.
        if bytes > 0 && start % width != 0 {
            return Err(PyValueError::new_err(format!(
                "{}: the buffer does not begin at a multiple of {width} bytes. Pass a copy.",
                at()
            )));
        }
        let index = self.index;
        if bytes > 0 {
            let end = start + bytes;
            self.arena.ranges.push(Range {
                start,
                end,
                mutable,
                index,
            });
        }
        self.arena.pinned.push(pinned);
        if !self.copies {
            return Ok(slot);
        }
        // SAFETY: the buffer is pinned and has this many bytes.
        let items = unsafe { bytes_at(start, bytes) };
        let copy = Slot {
            a: self.arena.keep_bytes(items),
            b: slot.b,
        };
        if mutable {
            self.arena.written.push((copy, self.arena.pinned.len() - 1));
        }
        Ok(copy)
    }

    /// The buffer of a value; none where it has none.
    fn pin(
        &self,
        value: &Bound<'py, PyAny>,
        element: Number,
        mutable: bool,
        at: At,
    ) -> PyResult<Option<Pinned>> {
        let pinned = match Pinned::get(value, buffer::FORMAT | buffer::STRIDES) {
            Ok(pinned) => pinned,
            Err(error) if error.is_instance_of::<PyTypeError>(self.py) => return Ok(None),
            Err(error) => return Err(error),
        };
        if !pinned.holds(element) {
            return Err(PyTypeError::new_err(format!(
                "{}: a buffer of {} is expected, such as {}, and {} holds items of the format {:?}",
                at(),
                element.name(),
                example(element),
                kind(value),
                pinned.format()
            )));
        }
        if !pinned.is_dense() {
            let (what, way) = match pinned.dimensions() {
                1 => ("has gaps between its items", "numpy.ascontiguousarray(a)"),
                _ => ("has more dimensions than one", "a.ravel()"),
            };
            return Err(PyValueError::new_err(format!(
                "{}: the buffer {what}, and Rust's slices are one run of items. Pass {way}.",
                at()
            )));
        }
        if !mutable {
            return Ok(Some(pinned));
        }
        if pinned.readonly() {
            return Err(PyTypeError::new_err(format!(
                "{}: {} is read-only, and Rust writes to it. Pass a writable buffer, such as {}.",
                at(),
                kind(value),
                example(element)
            )));
        }
        drop(pinned);
        Pinned::get(value, buffer::FORMAT | buffer::STRIDES | buffer::WRITABLE).map(Some)
    }

    /// What becomes a `Vec` or an array: from a buffer of its numbers, else from any iterable.
    pub(super) fn vector(
        &mut self,
        value: &Bound<'py, PyAny>,
        element: &Type,
        length: Option<usize>,
        at: At,
    ) -> Read {
        let slot = match element {
            Type::Number { name } if name.array_width().is_some() => self.packed(value, *name, at)?,
            element => self.items(value, element, at)?,
        };
        match length {
            Some(wanted) if wanted as u64 != slot.b => Err(PyValueError::new_err(format!(
                "{}: {wanted} items are expected, and there are {}",
                at(),
                slot.b
            ))),
            _ => Ok(slot),
        }
    }

    /// A copy of a buffer's numbers, or of an iterable's, as one block.
    fn packed(&mut self, value: &Bound<'py, PyAny>, element: Number, at: At) -> Read {
        // Of a buffer of other numbers the items count.
        if let Ok(Some(pinned)) = self.pin(value, element, false, at) {
            // SAFETY: as above.
            let items = unsafe { bytes_at(pinned.address(), pinned.bytes()) };
            return Ok(Slot {
                a: self.arena.keep_bytes(items),
                b: (pinned.bytes() / element.array_width().unwrap_or(1)) as u64,
            });
        }
        let width = element.array_width().unwrap_or(1);
        let mut bytes = Vec::new();
        let mut count = 0;
        for item in self.iterate(value, at)? {
            let at = || format!("{}[{count}]", at());
            let slot = self.number(&item?, element, &at)?;
            bytes.extend_from_slice(&slot.a.to_le_bytes()[..width]);
            count += 1;
        }
        Ok(Slot {
            a: self.arena.keep_bytes(&bytes),
            b: count,
        })
    }
}

/// # Safety
/// So many bytes lie there as long as they are used.
unsafe fn bytes_at<'a>(start: usize, length: usize) -> &'a [u8] {
    if length == 0 {
        return &[];
    }
    // SAFETY: the caller's.
    unsafe { std::slice::from_raw_parts(start as *const u8, length) }
}

/// What Python has such numbers in.
fn example(element: Number) -> String {
    if element == Number::U8 {
        return "a bytearray".into();
    }
    let letter = buffer::letter(element).to_string_lossy();
    let numpy = match element {
        Number::F32 => "float32".into(),
        Number::F64 => "float64".into(),
        other => other.name().replacen('i', "int", 1).replacen('u', "uint", 1),
    };
    format!("array('{letter}') or numpy's {numpy}")
}
