//! Python values as argument slots: checked by the parameter's type, never wrapped, buffers lent where they lie.

mod arrays;
mod collections;
mod data;
mod numbers;
mod objects;

use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use tandem_cell_host::abi::Slot;
use tandem_cell_host::types::Type;

use crate::buffer::Pinned;
use crate::callbacks;
use crate::functions::Cell;
use crate::instances::Held;
use crate::ranges::Range;

/// What lives as long as a call: copies of texts and numbers, slots of nested values, pinned buffers. Dropped attached.
#[derive(Default)]
pub struct Arena {
    slots: Vec<Box<[Slot]>>,
    /// Words, so that any number's alignment is met.
    words: Vec<Box<[u64]>>,
    pinned: Vec<Pinned>,
    pub ranges: Vec<Range>,
    instances: Vec<Held>,
    objects: Vec<Py<PyAny>>,
    /// Functions of the notebook, until the call takes them over.
    callbacks: Vec<u64>,
    /// Copies that `&mut` slices are of: where the copy lies, and which of `pinned` it is of.
    written: Vec<(Slot, usize)>,
}

impl Arena {
    /// Empties the objects of what the call takes by value. To be called once all arguments are read, before the call.
    pub fn give_away(&mut self) {
        for held in &self.instances {
            // SAFETY: `objects` keeps it alive.
            unsafe { held.give_away() };
        }
        self.callbacks.clear();
    }

    /// Writes what a call wrote to copies of `&mut` slices into the buffers that they are of.
    pub fn write_back(&self) {
        for &(copy, index) in &self.written {
            let pinned = &self.pinned[index];
            // SAFETY: both have so many bytes, and are apart.
            unsafe {
                std::ptr::copy_nonoverlapping(
                    copy.a as *const u8,
                    pinned.address() as *mut u8,
                    pinned.bytes(),
                )
            };
        }
    }

    fn keep_words(&mut self, words: Box<[u64]>) -> u64 {
        let address = words.as_ptr() as u64;
        self.words.push(words);
        address
    }

    fn keep_bytes(&mut self, bytes: &[u8]) -> u64 {
        let mut words = vec![0u64; bytes.len().div_ceil(8)].into_boxed_slice();
        // SAFETY: the words have room for the bytes, and are apart from them.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), words.as_mut_ptr().cast(), bytes.len()) };
        self.keep_words(words)
    }

    fn keep_slots(&mut self, slots: Vec<Slot>) -> Slot {
        let slots = slots.into_boxed_slice();
        let slot = Slot {
            a: slots.as_ptr() as u64,
            b: slots.len() as u64,
        };
        self.slots.push(slots);
        slot
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        for held in self.instances.drain(..) {
            // SAFETY: `objects` keeps it alive; one release for each loan.
            unsafe { held.release() };
        }
        for id in self.callbacks.drain(..) {
            callbacks::drop_held(id);
        }
        if !self.objects.is_empty() {
            // SAFETY: an arena is dropped attached.
            let py = unsafe { Python::assume_attached() };
            for object in self.objects.drain(..) {
                drop(object.into_bound(py));
            }
        }
    }
}

/// Reads arguments.
pub struct Reader<'a, 'py> {
    pub py: Python<'py>,
    pub cell: &'static Cell,
    pub arena: &'a mut Arena,
    /// Python may run while Rust has the arguments, or they outlive the call: buffers are copied.
    pub copies: bool,
    pub index: usize,
    pub depth: usize,
}

pub type Read = PyResult<Slot>;
/// Where a value stands, for messages: `total: xs[2]`.
pub type At<'a> = &'a dyn Fn() -> String;

impl<'py> Reader<'_, 'py> {
    pub fn value(&mut self, value: &Bound<'py, PyAny>, ty: &Type, at: At) -> Read {
        match ty {
            Type::Number { name } => self.number(value, *name, at),
            Type::Unit => Ok(Slot::default()),
            Type::Bool => self.boolean(value, at),
            Type::Char => self.character(value, at),
            Type::String | Type::Str => self.text(value, at),
            Type::Slice { element, mutable } => self.slice(value, *element, *mutable, at),
            Type::Vec { element } => self.vector(value, element, None, at),
            Type::Array { element, length } => self.vector(value, element, Some(*length), at),
            Type::Option { inner } => {
                if value.is_none() {
                    return Ok(Slot::default());
                }
                let slot = self.value(value, inner, at)?;
                let kept = self.arena.keep_slots(vec![slot]);
                Ok(Slot { a: kept.a, b: 1 })
            }
            Type::Tuple { elements } => self.tuple(value, elements, at),
            Type::Map {
                key, value: inner, ..
            } => self.map(value, key, inner, at),
            Type::Set { element, .. } => self.items(value, element, at),
            Type::Boxed { inner } | Type::Ref { inner } => self.value(value, inner, at),
            Type::Data { path, .. } => self.data(value, path, at),
            Type::Instance { name, path, access } => self.instance(value, name, path, *access, at),
            Type::Dyn { name, path, access } => self.dynamic(value, name, path, *access, at),
            Type::Impl {
                name,
                access,
                implementors,
                ..
            } => self.implementor(value, name, implementors, *access, at),
            Type::Callback(callback) => self.callback(value, callback, at),
            Type::Lazy { .. } => Err(self.wrong(value, "nothing", at)),
        }
    }

    /// A function of the notebook; the call owns it from `give_away` on.
    fn callback(
        &mut self,
        value: &Bound<'py, PyAny>,
        callback: &tandem_cell_host::types::Callback,
        at: At,
    ) -> Read {
        if !value.is_callable() {
            return Err(self.wrong(value, "a function", at));
        }
        let slot = callbacks::hold(value, callback, self.cell, at());
        self.arena.callbacks.push(slot.a);
        Ok(slot)
    }

    /// Keeps an object alive as long as the call.
    fn keep(&mut self, object: &Bound<'py, PyAny>) {
        self.arena.objects.push(object.clone().unbind());
    }

    /// The error of a value of another type than the one wanted.
    fn wrong(&self, value: &Bound<'py, PyAny>, wanted: &str, at: At) -> PyErr {
        PyTypeError::new_err(format!(
            "{}: {wanted} is expected, and it is {}",
            at(),
            kind(value)
        ))
    }
}

/// What a value is, for messages.
pub fn kind(value: &Bound<'_, PyAny>) -> String {
    if value.is_none() {
        return "None".into();
    }
    let name = value.get_type().fully_qualified_name();
    let name = name.map_or("?".into(), |name| name.to_string());
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {name}")
}

fn is_text(value: &Bound<'_, PyAny>) -> bool {
    // SAFETY: any object may be asked.
    unsafe { ffi::PyUnicode_Check(value.as_ptr()) != 0 }
}
