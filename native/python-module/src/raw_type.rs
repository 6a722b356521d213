//! Python types with a layout and slots that PyO3's classes do not have: vectorcall, and buffers below Python 3.11.

use std::ffi::{c_int, c_uint, c_void, CStr};

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyType;

/// `PyTypeObject.tp_flags` bits that the limited API names only in later versions; their values are older than 3.9.
pub const HAVE_VECTORCALL: c_uint = 1 << 11;
pub const METHOD_DESCRIPTOR: c_uint = 1 << 17;

pub fn slot(id: c_int, function: *mut c_void) -> ffi::PyType_Slot {
    ffi::PyType_Slot {
        slot: id,
        pfunc: function,
    }
}

/// Makes a type whose objects are `T`, a `repr(C)` struct that begins with a `PyObject`. `name` has its module before it.
///
/// # Safety
/// The slots have the types that Python expects of them, and work on `T`.
pub unsafe fn make<'py, T>(
    py: Python<'py>,
    name: &'static CStr,
    flags: c_uint,
    mut slots: Vec<ffi::PyType_Slot>,
) -> PyResult<Bound<'py, PyType>> {
    slots.push(slot(0, std::ptr::null_mut()));
    let mut spec = ffi::PyType_Spec {
        name: name.as_ptr(),
        basicsize: size_of::<T>() as c_int,
        itemsize: 0,
        flags: ffi::Py_TPFLAGS_DEFAULT as c_uint | flags,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the spec is whole, and its name lives as long as the process.
    let made = unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyType_FromSpec(&mut spec)) }?;
    Ok(made.cast_into()?)
}

/// Frees an object's memory; its type loses the reference that each object of a heap type has.
///
/// # Safety
/// Called last in `tp_dealloc`, attached to the interpreter.
pub unsafe fn free(object: *mut ffi::PyObject) {
    // SAFETY: every type has `tp_free`, of this type.
    unsafe {
        let ty = ffi::Py_TYPE(object);
        let free = ffi::PyType_GetSlot(ty, ffi::Py_tp_free);
        let free: ffi::freefunc = std::mem::transmute(free);
        free(object.cast());
        ffi::Py_DECREF(ty.cast());
    }
}

/// A new object of a type, its own fields zero.
///
/// # Safety
/// `ty` is a type made by `make`, or one that derives from it.
pub unsafe fn allocate<'py>(py: Python<'py>, ty: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the caller's.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyType_GenericAlloc(ty.as_ptr().cast(), 0)) }
}
