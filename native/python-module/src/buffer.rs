//! Python's buffer protocol, which the limited API has from 3.11 on only. The two functions and the structure are the same
//! since 3.0, so they are looked up in the running interpreter.

use std::ffi::{c_char, c_int, c_void, CStr};

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use tandem_cell_host::number::Number;

/// `Py_buffer`.
#[repr(C)]
pub struct RawBuffer {
    pub buf: *mut c_void,
    pub obj: *mut ffi::PyObject,
    pub len: ffi::Py_ssize_t,
    pub itemsize: ffi::Py_ssize_t,
    pub readonly: c_int,
    pub ndim: c_int,
    pub format: *mut c_char,
    pub shape: *mut ffi::Py_ssize_t,
    pub strides: *mut ffi::Py_ssize_t,
    pub suboffsets: *mut ffi::Py_ssize_t,
    pub internal: *mut c_void,
}

pub const WRITABLE: c_int = 0x1;
pub const FORMAT: c_int = 0x4;
pub const ND: c_int = 0x8;
pub const STRIDES: c_int = 0x10 | ND;

type Get = unsafe extern "C" fn(*mut ffi::PyObject, *mut RawBuffer, c_int) -> c_int;
type Release = unsafe extern "C" fn(*mut RawBuffer);

struct Functions {
    get: Get,
    release: Release,
}

static FUNCTIONS: PyOnceLock<Functions> = PyOnceLock::new();

fn functions(py: Python<'_>) -> PyResult<&'static Functions> {
    FUNCTIONS.get_or_try_init(py, || {
        let library = interpreter(py)?;
        let missing = |error: libloading::Error| pyo3::exceptions::PyImportError::new_err(error.to_string());
        // SAFETY: every CPython since 3.0 exports both with these types, and it is not unloaded while it runs.
        unsafe {
            Ok(Functions {
                get: *library.get::<Get>(b"PyObject_GetBuffer").map_err(missing)?,
                release: *library.get::<Release>(b"PyBuffer_Release").map_err(missing)?,
            })
        }
    })
}

#[cfg(unix)]
fn interpreter(_: Python<'_>) -> PyResult<libloading::os::unix::Library> {
    Ok(libloading::os::unix::Library::this())
}

#[cfg(windows)]
fn interpreter(py: Python<'_>) -> PyResult<libloading::os::windows::Library> {
    let version = py.version_info();
    let suffix = if version.suffix.is_some_and(|text| text.contains('t')) {
        "t"
    } else {
        ""
    };
    let name = format!("python{}{}{suffix}.dll", version.major, version.minor);
    libloading::os::windows::Library::open_already_loaded(name)
        .map_err(|error| pyo3::exceptions::PyImportError::new_err(error.to_string()))
}

/// A pinned buffer: its memory stays where it is until this is dropped, attached to the interpreter.
pub struct Pinned {
    raw: Box<RawBuffer>,
    release: Release,
}

impl Pinned {
    /// `flags`: as of `PyObject_GetBuffer`.
    pub fn get(object: &Bound<'_, PyAny>, flags: c_int) -> PyResult<Pinned> {
        let functions = functions(object.py())?;
        // SAFETY: all fields may be zero.
        let mut raw: Box<RawBuffer> = Box::new(unsafe { std::mem::zeroed() });
        // SAFETY: attached; the structure is Python's, and stays where it is.
        if unsafe { (functions.get)(object.as_ptr(), &mut *raw, flags) } != 0 {
            return Err(PyErr::fetch(object.py()));
        }
        Ok(Pinned {
            raw,
            release: functions.release,
        })
    }

    pub fn address(&self) -> usize {
        self.raw.buf as usize
    }

    pub fn bytes(&self) -> usize {
        self.raw.len as usize
    }

    pub fn readonly(&self) -> bool {
        self.raw.readonly != 0
    }

    pub fn dimensions(&self) -> c_int {
        self.raw.ndim
    }

    pub fn format(&self) -> &str {
        if self.raw.format.is_null() {
            return "B";
        }
        // SAFETY: a text that ends in 0, as long as the buffer is pinned.
        unsafe { CStr::from_ptr(self.raw.format) }.to_str().unwrap_or("?")
    }

    /// One dimension without gaps.
    pub fn is_dense(&self) -> bool {
        if self.raw.ndim != 1 {
            return false;
        }
        if self.raw.strides.is_null() {
            return true;
        }
        // SAFETY: one stride and one length for the one dimension.
        let (stride, length) = unsafe { (*self.raw.strides, self.raw.len / self.raw.itemsize.max(1)) };
        length < 2 || stride == self.raw.itemsize
    }

    /// Whether its items are numbers of this type in this machine's byte order.
    pub fn holds(&self, number: Number) -> bool {
        let native = if cfg!(target_endian = "little") { '<' } else { '>' };
        let letter = self.format().trim_start_matches(['@', '=', native]);
        let family = match letter {
            "b" | "h" | "i" | "l" | "q" | "n" => 'i',
            "B" | "H" | "I" | "L" | "Q" | "N" | "c" => 'u',
            "f" | "d" => 'f',
            _ => return false,
        };
        let wanted = number.name().chars().next();
        wanted == Some(family) && number.array_width() == Some(self.raw.itemsize as usize)
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        // SAFETY: `get` filled it; it is released once.
        unsafe { (self.release)(&mut *self.raw) }
    }
}

/// `array`'s and `struct`'s letter of a type; the sizes of these letters are the same everywhere.
pub fn letter(number: Number) -> &'static CStr {
    match number {
        Number::I8 => c"b",
        Number::U8 => c"B",
        Number::I16 => c"h",
        Number::U16 => c"H",
        Number::I32 => c"i",
        Number::U32 => c"I",
        Number::I64 => c"q",
        Number::U64 => c"Q",
        Number::F32 => c"f",
        _ => c"d",
    }
}
