//! JavaScript values as argument slots: checked by the parameter's type, never wrapped, arrays lent where they lie.

mod array_kinds;
mod arrays;
mod instances;
mod kinds;
mod lent;
mod numbers;
mod objects;
mod texts;

use std::ptr::null_mut;

use napi::sys;
use tandem_cell_host::abi::Slot;
use tandem_cell_host::classes;
use tandem_cell_host::library::Types;
use tandem_cell_host::types::{Callback, Type};

pub use array_kinds::array_kind;
pub use arrays::write_back;
pub use numbers::{range, SAFE};

use crate::callbacks;
use crate::failure::Failure;
use crate::functions::{Cell, CellFunction};
use lent::Lent;

/// What lives as long as a call: copies of texts and arrays, slots of nested values.
#[derive(Default)]
pub struct Arena {
    slots: Vec<Box<[Slot]>>,
    /// Words, so that any number's alignment is met.
    words: Vec<Box<[u64]>>,
    /// Handles of lent instances; whether the callee takes them over.
    instances: Vec<(u64, bool)>,
    /// Functions of the notebook, until the call takes them over.
    callbacks: Vec<u64>,
    /// Copies that `&mut` slices are of: the parameter, and where the copy lies, with its length in elements.
    written: Vec<(usize, Slot)>,
}

impl Arena {
    /// Empties the handles of what the call takes by value. To be called once all arguments are read, before the call.
    pub fn give_away(&mut self) {
        self.instances.retain(|&(handle, owned)| {
            if owned {
                classes::take(handle);
            }
            !owned
        });
        self.callbacks.clear();
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        for (handle, _) in self.instances.drain(..) {
            classes::release(handle);
        }
        for id in self.callbacks.drain(..) {
            callbacks::drop_held(id);
        }
    }
}

/// Whether slices point into the JavaScript arrays themselves.
#[derive(Clone, Copy, PartialEq)]
pub enum Lend {
    InPlace,
    /// For calls on another thread: JavaScript goes on running and may write or detach them.
    Copy,
    /// The same for a call on this thread, during which JavaScript may run.
    CopyHere,
}

struct Reader<'a> {
    env: sys::napi_env,
    arena: &'a mut Arena,
    lend: Lend,
    cell: &'static Cell,
    types: &'static Types,
    /// The argument being read is the receiver of a method, which comes as its handle.
    receiver: bool,
    /// How deep in nested data it is.
    depth: usize,
    lent: Lent,
}

/// Fills a slot for each parameter.
#[inline(never)]
pub fn read(
    env: sys::napi_env,
    function: &'static CellFunction,
    values: &[sys::napi_value],
    count: usize,
    lend: Lend,
    arena: &mut Arena,
    slots: &mut [Slot],
) -> Result<(), Failure> {
    let signature = &function.loaded.signature;
    let wanted = signature.parameters.len();
    if count > wanted {
        // The receiver is not counted by who reads this.
        let receivers = usize::from(function.on_instance);
        let (wanted, count) = (wanted - receivers, count - receivers);
        let plural = if wanted == 1 { "" } else { "s" };
        return Err(Failure::Type(format!(
            "{} takes {wanted} argument{plural}, and got {count}.",
            signature.name
        )));
    }
    let mut reader = Reader {
        env,
        arena,
        lend,
        cell: function.cell,
        types: &function.cell.types,
        receiver: false,
        depth: 0,
        lent: Lent::default(),
    };
    // Getters of an array's elements are the user's code and may detach a buffer: arrays are lent after all of it ran.
    let mut left = false;
    for lending in [false, true] {
        if lending && !left {
            break;
        }
        for (index, parameter) in signature.parameters.iter().enumerate() {
            let value = if index < count { values[index] } else { null_mut() };
            if reader.lends(value, &parameter.ty) != lending {
                left = true;
                continue;
            }
            let at = || format!("{}: {}", signature.name, parameter.name);
            if value.is_null() && !matches!(parameter.ty, Type::Option { .. }) {
                return Err(Failure::Type(format!(
                    "{} is missing; it is a {}.",
                    at(),
                    parameter.ty.shown()
                )));
            }
            reader.receiver = index == 0 && function.on_instance;
            slots[index] = reader.parameter(value, &parameter.ty, index, &at)?;
        }
    }
    reader.lent.refuse_overlaps(function)
}

/// The slot of what a function of the notebook answered; the arena keeps what it points to.
pub fn read_answer(
    env: sys::napi_env,
    cell: &'static Cell,
    value: sys::napi_value,
    ty: &Type,
    arena: &mut Arena,
    at: &dyn Fn() -> String,
) -> Result<Slot, Failure> {
    Reader {
        env,
        arena,
        lend: Lend::CopyHere,
        cell,
        types: &cell.types,
        receiver: false,
        depth: 0,
        lent: Lent::default(),
    }
    .value(value, ty, at)
}

impl Reader<'_> {
    /// Whether the argument is a typed array that is lent where it lies.
    fn lends(&self, value: sys::napi_value, ty: &Type) -> bool {
        match ty {
            Type::Slice { .. } => true,
            Type::Ref { inner } => self.lends(value, inner),
            Type::Vec { .. } => ty.array_element().is_some() && self.is_typed_array(value),
            _ => false,
        }
    }

    /// The slot of parameter `index`.
    fn parameter(
        &mut self,
        value: sys::napi_value,
        ty: &'static Type,
        index: usize,
        at: &dyn Fn() -> String,
    ) -> Result<Slot, Failure> {
        match ty {
            Type::Callback(callback) => self.function(value, callback, at),
            Type::Slice { element, mutable } => self.slice(value, *element, *mutable, index, at),
            Type::Ref { inner } => self.parameter(value, inner, index, at),
            Type::Vec { .. } => match ty.array_element() {
                Some(number) if self.is_typed_array(value) => self.slice(value, number, false, index, at),
                _ => self.value(value, ty, at),
            },
            _ => self.value(value, ty, at),
        }
    }

    /// The slot of a value that is copied: nothing in it points into JavaScript's memory.
    fn value(&mut self, value: sys::napi_value, ty: &Type, at: &dyn Fn() -> String) -> Result<Slot, Failure> {
        match ty {
            Type::Number { name } => self.number(value, *name, at),
            Type::Bool => self.boolean(value, at),
            // The parser takes slices as parameters only.
            Type::Slice { element, .. } => self.array_copy(value, *element, at),
            Type::Str | Type::String => self.text(value, at),
            Type::Char => self.character(value, at),
            Type::Unit => Ok(Slot::default()),
            Type::Option { inner } => {
                if value.is_null() || self.is_nothing(value) {
                    return Ok(Slot::default());
                }
                let slot = self.value(value, inner, at)?;
                Ok(Slot {
                    a: self.keep_slots(vec![slot]).a,
                    b: 1,
                })
            }
            Type::Tuple { elements } => self.tuple(value, elements, at),
            Type::Vec { element } => match ty.array_element() {
                Some(number) if self.is_typed_array(value) => self.array_copy(value, number, at),
                _ => self.vector(value, element, at),
            },
            Type::Array { element, length } => {
                if ty.array_element().is_some() && self.is_typed_array(value) {
                    return self.sized_copy(value, ty, *length, at);
                }
                self.expect_length(value, *length, at)?;
                self.vector(value, element, at)
            }
            Type::Boxed { inner } | Type::Ref { inner } => self.value(value, inner, at),
            Type::Map {
                key, value: inner, ..
            } => self.map(value, key, inner, at),
            Type::Set { element, .. } => self.set(value, element, at),
            Type::Data { path, .. } => self.data(value, path, at),
            Type::Instance { name, path, access } => self.instance(value, name, path, *access, at),
            Type::Dyn { name, path, access } => self.dynamic(value, name, path, *access, at),
            Type::Impl {
                name,
                implementors,
                access,
                ..
            } => self.implementor(value, name, implementors, *access, at),
            // The parser takes functions as parameters only, and lazy values as none.
            Type::Callback(_) | Type::Lazy { .. } => {
                Err(Failure::Type(format!("{}: this cannot stand here.", at())))
            }
        }
    }

    /// A function of the notebook, held until Rust drops it.
    fn function(
        &mut self,
        value: sys::napi_value,
        callback: &'static Callback,
        at: &dyn Fn() -> String,
    ) -> Result<Slot, Failure> {
        if self.value_type(value) != sys::ValueType::napi_function {
            return Err(Failure::Type(format!(
                "{}: a function is expected, and it is {}.",
                at(),
                self.kind(value)
            )));
        }
        let slot = callbacks::hold(self.env, value, callback, self.cell, at())?;
        self.arena.callbacks.push(slot.a);
        Ok(slot)
    }

    fn keep_slots(&mut self, slots: Vec<Slot>) -> Slot {
        let slots = slots.into_boxed_slice();
        let kept = Slot {
            a: slots.as_ptr() as u64,
            b: slots.len() as u64,
        };
        self.arena.slots.push(slots);
        kept
    }

    fn keep_words(&mut self, words: Box<[u64]>) -> u64 {
        let address = words.as_ptr() as u64;
        self.arena.words.push(words);
        address
    }
}
