//! The objects that Python calls: `<rust function fib>`.

use std::ffi::{c_char, c_void};
use std::ptr::null_mut;

use pyo3::exceptions::PyRuntimeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple, PyType};

use crate::functions::{self, CellFunction};
use crate::raw_type::{self, slot};

type Vectorcall = unsafe extern "C" fn(
    *mut ffi::PyObject,
    *const *mut ffi::PyObject,
    usize,
    *mut ffi::PyObject,
) -> *mut ffi::PyObject;

/// Python's `PY_VECTORCALL_ARGUMENTS_OFFSET`: it says more than the number of arguments.
const OFFSET: usize = 1 << (usize::BITS - 1);

#[repr(C)]
pub struct FunctionObject {
    base: ffi::PyObject,
    vectorcall: Option<Vectorcall>,
    function: Option<&'static CellFunction>,
    /// Its first argument is the class whose instance it makes.
    makes: bool,
    attributes: *mut ffi::PyObject,
}

static FUNCTION: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static METHOD: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// A callable object. One that is a method binds to the object that it is looked up on.
pub fn make<'py>(
    py: Python<'py>,
    function: &'static CellFunction,
    method: bool,
    makes: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let known = if method { &METHOD } else { &FUNCTION };
    let ty = known.get_or_try_init(py, || make_type(py, method).map(Bound::unbind))?;
    // SAFETY: the type is `make_type`'s.
    let object = unsafe { raw_type::allocate(py, ty.bind(py)) }?;
    // SAFETY: nobody else has it yet, and this is its layout.
    let fields = unsafe { &mut *object.as_ptr().cast::<FunctionObject>() };
    fields.vectorcall = Some(vectorcall);
    fields.function = Some(function);
    fields.makes = makes;
    Ok(object)
}

/// The function that an object calls; none where it is not of these types.
pub fn of(object: &Bound<'_, PyAny>) -> Option<&'static CellFunction> {
    let py = object.py();
    let ours = [&FUNCTION, &METHOD]
        .into_iter()
        .any(|known| known.get(py).is_some_and(|ty| object.get_type().is(ty.bind(py))));
    // SAFETY: the type tells the layout.
    ours.then(|| unsafe { (*object.as_ptr().cast::<FunctionObject>()).function })
        .flatten()
}

fn make_type(py: Python<'_>, method: bool) -> PyResult<Bound<'_, PyType>> {
    let member = |name: &'static std::ffi::CStr, offset: usize| ffi::PyMemberDef {
        name: name.as_ptr(),
        type_code: ffi::Py_T_PYSSIZET,
        offset: offset as ffi::Py_ssize_t,
        flags: ffi::Py_READONLY,
        doc: std::ptr::null(),
    };
    // Python keeps what it needs of them.
    let members = Box::leak(Box::new([
        member(
            c"__vectorcalloffset__",
            std::mem::offset_of!(FunctionObject, vectorcall),
        ),
        member(
            c"__dictoffset__",
            std::mem::offset_of!(FunctionObject, attributes),
        ),
        // SAFETY: a zeroed definition ends the list.
        unsafe { std::mem::zeroed() },
    ]));
    let mut slots = vec![
        slot(ffi::Py_tp_members, members.as_mut_ptr().cast()),
        slot(ffi::Py_tp_call, call as *mut c_void),
        slot(ffi::Py_tp_repr, repr as *mut c_void),
        slot(ffi::Py_tp_dealloc, dealloc as *mut c_void),
    ];
    let mut flags = raw_type::HAVE_VECTORCALL;
    if method {
        slots.push(slot(ffi::Py_tp_descr_get, bind as *mut c_void));
        flags |= raw_type::METHOD_DESCRIPTOR;
    }
    // SAFETY: the slots' functions have Python's types and work on `FunctionObject`.
    unsafe { raw_type::make::<FunctionObject>(py, c"tandem_rust.function", flags, slots) }
}

unsafe extern "C" fn vectorcall(
    object: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: usize,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: Python calls it attached, on an object of this layout, with so many arguments and those of the names.
    unsafe {
        let py = Python::assume_attached();
        let fields = &*object.cast::<FunctionObject>();
        let named = if names.is_null() {
            0
        } else {
            ffi::PyTuple_Size(names) as usize
        };
        let positional = count & !OFFSET;
        let values = match positional + named {
            0 => &[][..],
            all => std::slice::from_raw_parts(arguments, all),
        };
        answer(py, || {
            let Some(function) = fields.function else {
                return Err(PyRuntimeError::new_err("the function was not made whole"));
            };
            functions::call(py, function, fields.makes, values, positional, names)
        })
    }
}

/// A result or an exception as Python's C functions return them; a panic of this module's own is an exception too.
fn answer<'py>(py: Python<'py>, work: impl FnOnce() -> PyResult<Bound<'py, PyAny>>) -> *mut ffi::PyObject {
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    let error = match done {
        Ok(Ok(value)) => return value.into_ptr(),
        Ok(Err(error)) => error,
        Err(_) => PyRuntimeError::new_err("Tandem's Python module failed; this is a fault of its own."),
    };
    error.restore(py);
    // PyO3 does not know that this call is attached, and has put aside what was let go of: now it is freed.
    Python::attach(|_| ());
    null_mut()
}

/// The same for callers that have a tuple and a dict.
unsafe extern "C" fn call(
    object: *mut ffi::PyObject,
    arguments: *mut ffi::PyObject,
    named: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: Python calls it attached, with a tuple, and a dict or null.
    unsafe {
        let py = Python::assume_attached();
        let arguments = Bound::from_borrowed_ptr(py, arguments).cast_into_unchecked::<PyTuple>();
        let mut values: Vec<Bound<'_, PyAny>> = arguments.iter().collect();
        let positional = values.len();
        let mut names = None;
        if let Some(named) = Bound::from_borrowed_ptr_or_opt(py, named) {
            let named = named.cast_into_unchecked::<PyDict>();
            let Ok(keys) = PyTuple::new(py, named.keys()) else {
                return null_mut();
            };
            values.extend(named.values());
            names = Some(keys);
        }
        let values: Vec<*mut ffi::PyObject> = values.iter().map(Bound::as_ptr).collect();
        let names = names.as_ref().map_or(null_mut(), |names| names.as_ptr());
        vectorcall(object, values.as_ptr(), positional, names)
    }
}

/// `instance.method`: a bound method, as of a function that Python has made.
unsafe extern "C" fn bind(
    object: *mut ffi::PyObject,
    instance: *mut ffi::PyObject,
    _: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    static BOUND: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    // SAFETY: Python calls it attached, with objects; the instance is null where it is looked up on the class.
    unsafe {
        let py = Python::assume_attached();
        let function = Bound::from_borrowed_ptr(py, object);
        let Some(instance) = Bound::from_borrowed_ptr_or_opt(py, instance) else {
            return function.into_ptr();
        };
        answer(py, || {
            BOUND
                .import(py, "types", "MethodType")?
                .call1((function, instance))
        })
    }
}

unsafe extern "C" fn repr(object: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: as for `vectorcall`.
    unsafe {
        let fields = &*object.cast::<FunctionObject>();
        let name = fields.function.map_or("", |function| function.name.as_str());
        let text = format!("<rust function {name}>");
        ffi::PyUnicode_FromStringAndSize(text.as_ptr() as *const c_char, text.len() as ffi::Py_ssize_t)
    }
}

unsafe extern "C" fn dealloc(object: *mut ffi::PyObject) {
    // SAFETY: the last reference is gone; the function itself lives as long as the process.
    unsafe {
        ffi::Py_XDECREF((*object.cast::<FunctionObject>()).attributes);
        raw_type::free(object);
    }
}
