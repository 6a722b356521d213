//! Objects that hold an instance of a Rust class: lent to calls by Rust's rules of borrowing and of threads, dropped with the
//! object.

use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Mutex;

use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use tandem_cell_host::abi::{Slot, DONE};
use tandem_cell_host::classes::Class;
use tandem_cell_host::panics;
use tandem_cell_host::types::Access;

use crate::raw_type::{self, slot};

struct State {
    /// 0 where it is gone.
    address: u64,
    /// How many calls read it; `WRITTEN` while one writes.
    users: u32,
    /// The thread that reads it, where more than one must not.
    reader: u64,
}

const WRITTEN: u32 = u32::MAX;

#[repr(C)]
struct InstanceObject {
    base: ffi::PyObject,
    class: Option<&'static Class>,
    /// The thread that made it.
    thread: u64,
    state: Mutex<State>,
}

static BASE: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// The type that the classes of cells derive from.
pub fn base(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    let made = BASE.get_or_try_init(py, || {
        let slots = vec![
            slot(ffi::Py_tp_dealloc, dealloc as *mut c_void),
            slot(ffi::Py_tp_new, refuse as *mut c_void),
        ];
        let flags = ffi::Py_TPFLAGS_BASETYPE as _;
        // SAFETY: the slots' functions have Python's types and work on `InstanceObject`.
        unsafe { raw_type::make::<InstanceObject>(py, c"tandem_rust.Instance", flags, slots) }
            .map(Bound::unbind)
    })?;
    Ok(made.bind(py))
}

thread_local! {
    static HERE: u64 = {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        NEXT.fetch_add(1, Ordering::Relaxed)
    };
}

fn here() -> u64 {
    HERE.with(|id| *id)
}

/// An object of `ty`, a type that derives from `base`, that owns the instance at an address.
pub fn make<'py>(
    ty: &Bound<'py, PyType>,
    class: &'static Class,
    address: u64,
) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the type derives from `base`.
    let object = unsafe { raw_type::allocate(ty.py(), ty) };
    let object = object.inspect_err(|_| drop(drop_now(class, address)))?;
    // SAFETY: nobody else has it yet, and this is its layout; what is overwritten is zeros.
    unsafe {
        let fields = object.as_ptr().cast::<InstanceObject>();
        (*fields).class = Some(class);
        (*fields).thread = here();
        (&raw mut (*fields).state).write(Mutex::new(State {
            address,
            users: 0,
            reader: 0,
        }));
    }
    Ok(object)
}

/// An instance that a call uses; the object lives as long as the call.
#[derive(Clone, Copy)]
pub struct Held {
    object: *mut InstanceObject,
    owned: bool,
}

/// The class of an object's instance; none where it has none.
pub fn class_of(object: &Bound<'_, PyAny>) -> Option<&'static Class> {
    fields(object)?.class
}

fn fields<'a>(object: &'a Bound<'_, PyAny>) -> Option<&'a InstanceObject> {
    let base = BASE.get(object.py())?.bind(object.py());
    if !object.is_instance(base).ok()? {
        return None;
    }
    // SAFETY: the type tells the layout.
    let fields = unsafe { &*object.as_ptr().cast::<InstanceObject>() };
    fields.class.is_some().then_some(fields)
}

/// Lends an instance to a call: its address, until `release`.
pub fn lend(object: &Bound<'_, PyAny>, access: Access, at: &dyn Fn() -> String) -> PyResult<(u64, Held)> {
    let Some((fields, class)) = fields(object).and_then(|one| Some((one, one.class?))) else {
        return Err(PyTypeError::new_err(format!("{}: no instance", at())));
    };
    let me = here();
    if !class.send && fields.thread != me {
        return Err(PyRuntimeError::new_err(format!(
            "{}: {} cannot leave its thread: it is not Send. Use it in the thread that made it.",
            at(),
            class.name
        )));
    }
    let access = match access {
        // A copy is all that is taken.
        Access::Owned if class.copy => Access::Shared,
        other => other,
    };
    let mut state = fields.state.lock().unwrap_or_else(|broken| broken.into_inner());
    if state.address == 0 {
        return Err(PyRuntimeError::new_err(format!(
            "{}: this {} is gone: it was given to a function that takes it by value, or its `with` block ended.",
            at(),
            class.name
        )));
    }
    let free = match access {
        Access::Shared => state.users == 0 || state.users != WRITTEN && (class.sync || state.reader == me),
        _ => state.users == 0,
    };
    if !free {
        return Err(PyRuntimeError::new_err(format!(
            "{}: this {} is in use by another call, and one of the two writes to it. Wait for that call first.",
            at(),
            class.name
        )));
    }
    match access {
        Access::Shared => {
            state.users += 1;
            state.reader = me;
        }
        _ => state.users = WRITTEN,
    }
    let held = Held {
        object: object.as_ptr().cast(),
        owned: access == Access::Owned,
    };
    Ok((state.address, held))
}

impl Held {
    /// The callee takes over what it owns: the object is empty from now on.
    ///
    /// # Safety
    /// The object is still alive.
    pub unsafe fn give_away(&self) {
        if self.owned {
            // SAFETY: the caller's.
            let state = unsafe { &(*self.object).state };
            let mut state = state.lock().unwrap_or_else(|broken| broken.into_inner());
            state.address = 0;
            state.users = 0;
        }
    }

    /// Ends the loan.
    ///
    /// # Safety
    /// As `give_away`; once for each `lend`.
    pub unsafe fn release(&self) {
        // SAFETY: the caller's.
        let state = unsafe { &(*self.object).state };
        let mut state = state.lock().unwrap_or_else(|broken| broken.into_inner());
        state.users = match state.users {
            WRITTEN => 0,
            readers => readers.saturating_sub(1),
        };
    }
}

/// Drops the instance now. `false` where it was gone already.
pub fn dispose(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    let Some((fields, class)) = fields(object).and_then(|one| Some((one, one.class?))) else {
        return Err(PyTypeError::new_err("no instance of a Rust class"));
    };
    if gone(object) {
        return Ok(false);
    }
    // Nobody may use it: it is taken as a call takes what it owns.
    let (address, held) = lend(object, Access::Mutable, &|| class.name.clone())?;
    {
        let mut state = fields.state.lock().unwrap_or_else(|broken| broken.into_inner());
        state.address = 0;
    }
    // SAFETY: the object is the caller's, alive.
    unsafe { held.release() };
    let panicked = object.py().detach(|| drop_now(class, address));
    match panicked {
        Some(text) => Err(crate::failure::panic(&text)),
        None => Ok(true),
    }
}

fn gone(object: &Bound<'_, PyAny>) -> bool {
    fields(object).is_none_or(|one| {
        let state = one.state.lock().unwrap_or_else(|broken| broken.into_inner());
        state.address == 0
    })
}

/// A panic in `Drop` is told as text.
fn drop_now(class: &'static Class, address: u64) -> Option<String> {
    let (instance, mut out) = (Slot { a: address, b: 0 }, Slot::default());
    // SAFETY: the address is an instance of this class that nobody else holds; it is dropped once.
    let status = panics::watched(|| unsafe { (class.drop)(instance, &mut out) });
    (status != DONE).then(|| {
        // SAFETY: a panic comes with a text; it is left to the cell's allocator, which this rare case may lose.
        let bytes = unsafe { std::slice::from_raw_parts(out.a as *const u8, out.b as usize) };
        format!("panicked in Drop: {}", String::from_utf8_lossy(bytes))
    })
}

unsafe extern "C" fn refuse(
    ty: *mut ffi::PyTypeObject,
    _: *mut ffi::PyObject,
    _: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: Python calls it attached, with a type.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: as above.
    let ty = unsafe { Bound::from_borrowed_ptr(py, ty.cast()) };
    let name = ty
        .getattr("__name__")
        .map_or(String::new(), |name| name.to_string());
    PyTypeError::new_err(format!("{name} has no `pub fn new`.")).restore(py);
    null_mut()
}

unsafe extern "C" fn dealloc(object: *mut ffi::PyObject) {
    // SAFETY: the last reference is gone, so no call uses it; an exception that is pending stays so.
    unsafe {
        let py = Python::assume_attached();
        let fields = object.cast::<InstanceObject>();
        if let Some(class) = (*fields).class {
            let state = (*fields).state.get_mut();
            let address = state.unwrap_or_else(|broken| broken.into_inner()).address;
            if address != 0 {
                let pending = PyErr::take(py);
                let problem = if class.send || (*fields).thread == here() {
                    drop_now(class, address)
                } else {
                    Some(format!(
                        "A {} was let go of in another thread than its own and is not Send: it is not dropped.",
                        class.name
                    ))
                };
                if let Some(text) = problem {
                    crate::failure::panic(&text).write_unraisable(py, None);
                }
                if let Some(pending) = pending {
                    pending.restore(py);
                }
            }
            std::ptr::drop_in_place(&raw mut (*fields).state);
        }
        raw_type::free(object);
    }
}
