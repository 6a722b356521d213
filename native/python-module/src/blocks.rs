//! Blocks of numbers that Rust gives out: objects with the buffer protocol that own the memory, so nothing is copied.

use std::ffi::{c_int, c_void};
use std::ptr::null_mut;

use pyo3::exceptions::{PyBufferError, PyRuntimeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use tandem_cell_host::abi::{Free, Slot};
use tandem_cell_host::number::Number;

use crate::buffer::{self, RawBuffer};
use crate::raw_type::{self, slot};

/// Python's ids of the slots, which the limited API names from 3.11 on.
const BF_GETBUFFER: c_int = 1;

#[repr(C)]
struct BlockObject {
    base: ffi::PyObject,
    block: Slot,
    free: Option<Free>,
    number: Number,
    /// For the buffers that are given out.
    length: ffi::Py_ssize_t,
    stride: ffi::Py_ssize_t,
}

static BASE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
/// What Python made of it: it adds indexing, `len` and the rest.
static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// The type to derive from.
pub fn base(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    let made = BASE.get_or_try_init(py, || {
        let slots = vec![
            slot(BF_GETBUFFER, get as *mut c_void),
            slot(ffi::Py_tp_dealloc, dealloc as *mut c_void),
            slot(ffi::Py_tp_new, refuse as *mut c_void),
        ];
        let flags = ffi::Py_TPFLAGS_BASETYPE as _;
        // SAFETY: the slots' functions have Python's types and work on `BlockObject`.
        unsafe { raw_type::make::<BlockObject>(py, c"tandem_rust.Block", flags, slots) }.map(Bound::unbind)
    })?;
    Ok(made.bind(py))
}

pub fn use_class(class: Bound<'_, PyType>) {
    let py = class.py();
    // The first one stays: objects of it may be about.
    let _ = CLASS.set(py, class.unbind());
}

/// An object that owns a block of numbers and gives it back by `free`.
pub fn make<'py>(py: Python<'py>, number: Number, block: Slot, free: Free) -> PyResult<Bound<'py, PyAny>> {
    let class = match CLASS.get(py) {
        Some(class) => class.bind(py),
        None => base(py)?,
    };
    // SAFETY: the class is `base`, or derives from it.
    let object = unsafe { raw_type::allocate(py, class) };
    let object = object.inspect_err(|_| {
        // SAFETY: nobody took it over.
        unsafe { free(block) }
    })?;
    let width = number.array_width().unwrap_or(1);
    // SAFETY: nobody else has it yet, and this is its layout.
    let fields = unsafe { &mut *object.as_ptr().cast::<BlockObject>() };
    fields.block = block;
    fields.free = Some(free);
    fields.number = number;
    fields.length = block.b as ffi::Py_ssize_t;
    fields.stride = width as ffi::Py_ssize_t;
    Ok(object)
}

/// As `make`, of a copy of a block that stays with its owner.
pub fn copy<'py>(py: Python<'py>, number: Number, block: Slot) -> PyResult<Bound<'py, PyAny>> {
    let bytes = block.b as usize * number.array_width().unwrap_or(1);
    // Words, so that any number's alignment is met.
    let mut words = vec![0u64; bytes.div_ceil(8)].into_boxed_slice();
    if bytes > 0 {
        // SAFETY: both have this many bytes and are apart.
        unsafe { std::ptr::copy_nonoverlapping(block.a as *const u8, words.as_mut_ptr().cast(), bytes) };
    }
    let owned = Slot {
        a: Box::into_raw(words) as *mut u64 as u64,
        b: bytes.div_ceil(8) as u64,
    };
    let object = make(py, number, owned, free_words)?;
    // SAFETY: just made, and nobody else has it.
    let fields = unsafe { &mut *object.as_ptr().cast::<BlockObject>() };
    fields.length = block.b as ffi::Py_ssize_t;
    Ok(object)
}

unsafe extern "C" fn free_words(slot: Slot) {
    let words = std::ptr::slice_from_raw_parts_mut(slot.a as *mut u64, slot.b as usize);
    // SAFETY: `copy` gave this box away, and it is taken back once.
    drop(unsafe { Box::from_raw(words) });
}

unsafe extern "C" fn get(object: *mut ffi::PyObject, view: *mut RawBuffer, flags: c_int) -> c_int {
    // SAFETY: Python calls it attached, on an object of this layout, with a structure to fill.
    unsafe {
        let py = Python::assume_attached();
        let fields = &mut *object.cast::<BlockObject>();
        let view = &mut *view;
        view.obj = null_mut();
        if fields.free.is_none() {
            PyBufferError::new_err("the array was not made whole").restore(py);
            return -1;
        }
        ffi::Py_INCREF(object);
        view.obj = object;
        view.buf = fields.block.a as *mut c_void;
        view.len = fields.length * fields.stride;
        view.itemsize = fields.stride;
        view.readonly = 0;
        view.ndim = 1;
        view.format = null_mut();
        if flags & buffer::FORMAT != 0 {
            view.format = buffer::letter(fields.number).as_ptr().cast_mut();
        }
        view.shape = null_mut();
        if flags & buffer::ND != 0 {
            view.shape = &mut fields.length;
        }
        view.strides = null_mut();
        if flags & buffer::STRIDES == buffer::STRIDES {
            view.strides = &mut fields.stride;
        }
        view.suboffsets = null_mut();
        view.internal = null_mut();
        0
    }
}

unsafe extern "C" fn refuse(
    _: *mut ffi::PyTypeObject,
    _: *mut ffi::PyObject,
    _: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: Python calls it attached.
    let py = unsafe { Python::assume_attached() };
    PyRuntimeError::new_err("Arrays of this type come from Rust; make others by array.array or numpy.")
        .restore(py);
    null_mut()
}

unsafe extern "C" fn dealloc(object: *mut ffi::PyObject) {
    // SAFETY: the last reference is gone, and with it all buffers; the block is given back once.
    unsafe {
        let fields = &*object.cast::<BlockObject>();
        if let Some(free) = fields.free {
            free(fields.block);
        }
        raw_type::free(object);
    }
}
