//! Calls of cells' functions: arguments in, the interpreter released, the result out.

use std::collections::HashMap;

use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};
use tandem_cell_host::abi::{Slot, DONE};
use tandem_cell_host::library::{Loaded, Outcome, Types};
use tandem_cell_host::panics;
use tandem_cell_host::types::Type;

use crate::arguments::{Arena, Reader};
use crate::makers::Known;
use crate::ranges::Lent;
use crate::{callbacks, failure, results};

/// More parameters than anyone writes; a function with more is refused when it is loaded.
pub const MOST_PARAMETERS: usize = 16;

/// A loaded cell.
pub struct Cell {
    /// The cell's name, for panics.
    pub file: String,
    pub types: Types,
    /// By the paths of `types`.
    pub makers: HashMap<String, Known>,
}

/// A function of a cell, alive as long as the process: Python may hold it that long.
pub struct CellFunction {
    pub loaded: Loaded,
    pub cell: &'static Cell,
    /// With its type before it: `Counter.add`.
    pub name: String,
    /// It takes functions of Python's.
    calls_back: bool,
    /// Its arguments point to no memory: nothing of them outlives their reading.
    plain: bool,
    /// Its result points to memory.
    pub frees: bool,
}

impl CellFunction {
    pub fn new(loaded: Loaded, cell: &'static Cell) -> CellFunction {
        let signature = &loaded.signature;
        let calls_back = signature.parameters.iter().any(|one| {
            let mut found = false;
            one.ty.walk(&mut |ty| found |= ty.callback().is_some());
            found
        });
        let plain = |ty: &Type| matches!(ty, Type::Number { .. } | Type::Unit | Type::Bool | Type::Char);
        let name = match &signature.owner {
            Some(owner) => format!("{}.{}", owner.replace("::", "."), signature.name),
            None => signature.name.clone(),
        };
        CellFunction {
            name,
            calls_back,
            plain: signature.parameters.iter().all(|one| plain(&one.ty)),
            frees: !plain(&signature.returns),
            cell,
            loaded,
        }
    }
}

/// Calls a function. `values`: positional arguments first, then those of `names`, a tuple of texts or null. `makes`: the first
/// is the class whose instance is made.
pub fn call<'py>(
    py: Python<'py>,
    function: &'static CellFunction,
    makes: bool,
    mut values: &[*mut ffi::PyObject],
    mut positional: usize,
    names: *mut ffi::PyObject,
) -> PyResult<Bound<'py, PyAny>> {
    let mut class = None;
    if makes {
        let Some((first, rest)) = values.split_first() else {
            return Err(PyTypeError::new_err("a class is expected"));
        };
        // SAFETY: an argument of this call.
        class = Some(unsafe { Bound::from_borrowed_ptr(py, *first) }.cast_into::<PyType>()?);
        (values, positional) = (rest, positional - 1);
    }
    let mut arena = Arena::default();
    let mut slots = [Slot::default(); MOST_PARAMETERS];
    let count = function.loaded.signature.parameters.len();
    let copies = function.calls_back || callbacks::any();
    let values = Values {
        values,
        positional,
        names,
    };
    read(py, function, &values, copies, &mut arena, &mut slots)?;
    if function.plain {
        // It is empty.
        std::mem::forget(arena);
        let ended = run(py, function, &slots[..count]);
        return finish(py, function, ended, class.as_ref());
    }
    let lent = lend(function, &arena)?;
    arena.give_away();
    let ended = run(py, function, &slots[..count]);
    drop(lent);
    arena.write_back();
    drop(arena);
    finish(py, function, ended, class.as_ref())
}

/// Runs the code of a function with the interpreter released: the status, and the slot that comes with it.
fn run(py: Python<'_>, function: &'static CellFunction, slots: &[Slot]) -> (i32, Slot) {
    py.detach(|| {
        let mut out = Slot::default();
        // SAFETY: `read` made the slots by the parameters' types, and the arena keeps what they point to; `lend` saw to it that
        // mutable slices do not overlap any other.
        let status = panics::watched(|| unsafe { function.loaded.call_bare(slots, &mut out) });
        (status, out)
    })
}

fn finish<'py>(
    py: Python<'py>,
    function: &'static CellFunction,
    (status, slot): (i32, Slot),
    made: Option<&Bound<'py, PyType>>,
) -> PyResult<Bound<'py, PyAny>> {
    match status {
        DONE => results::take(py, function, slot, made),
        status => ended(py, function, function.loaded.outcome(status, slot), made),
    }
}

/// A call's arguments as Python passes them.
pub struct Values<'a> {
    pub values: &'a [*mut ffi::PyObject],
    pub positional: usize,
    /// A tuple, or null.
    pub names: *mut ffi::PyObject,
}

/// Reads all arguments of a call.
pub fn read(
    py: Python<'_>,
    function: &'static CellFunction,
    given: &Values<'_>,
    copies: bool,
    arena: &mut Arena,
    slots: &mut [Slot; MOST_PARAMETERS],
) -> PyResult<()> {
    let parameters = &function.loaded.signature.parameters;
    if !given.names.is_null() || given.positional != parameters.len() {
        return read_named(py, function, given, copies, arena, slots);
    }
    let mut reader = Reader {
        py,
        cell: function.cell,
        arena,
        copies,
        index: 0,
        depth: 0,
    };
    for (index, parameter) in parameters.iter().enumerate() {
        // SAFETY: an argument of this call, alive until it ends.
        let value = unsafe { Bound::from_borrowed_ptr(py, given.values[index]) };
        reader.index = index;
        let at = || format!("{}: {}", function.name, parameter.name);
        slots[index] = reader.value(&value, &parameter.ty, &at)?;
    }
    Ok(())
}

/// As `read`, where names are given or arguments are missing; those that may be None may be left out.
#[cold]
fn read_named(
    py: Python<'_>,
    function: &'static CellFunction,
    given: &Values<'_>,
    copies: bool,
    arena: &mut Arena,
    slots: &mut [Slot; MOST_PARAMETERS],
) -> PyResult<()> {
    let parameters = &function.loaded.signature.parameters;
    let mut all: Vec<*mut ffi::PyObject> = vec![std::ptr::null_mut(); parameters.len()];
    if given.positional > parameters.len() {
        return Err(PyTypeError::new_err(format!(
            "{} takes {} and was given {}",
            function.name,
            arguments(parameters.len()),
            given.positional
        )));
    }
    all[..given.positional].copy_from_slice(&given.values[..given.positional]);
    // SAFETY: a tuple of texts, or null.
    if let Some(names) = unsafe { Bound::from_borrowed_ptr_or_opt(py, given.names) } {
        for (name, value) in names
            .cast::<PyTuple>()?
            .iter()
            .zip(&given.values[given.positional..])
        {
            let name: String = name.extract()?;
            // Names that are Python's keywords have a trailing underscore there.
            let plain = name.strip_suffix('_').unwrap_or(&name);
            let place = parameters
                .iter()
                .position(|one| one.name == name || one.name == plain);
            match place {
                Some(place) if all[place].is_null() => all[place] = *value,
                Some(_) => {
                    let text = format!("{} got two values for {name}", function.name);
                    return Err(PyTypeError::new_err(text));
                }
                None => {
                    let text = format!("{} has no parameter {name}", function.name);
                    return Err(PyTypeError::new_err(text));
                }
            }
        }
    }
    let none = py.None();
    for (place, parameter) in all.iter_mut().zip(parameters) {
        if place.is_null() {
            if !matches!(parameter.ty, Type::Option { .. } | Type::Unit) {
                return Err(PyTypeError::new_err(format!(
                    "{} takes {}, and {} is missing",
                    function.name,
                    arguments(parameters.len()),
                    parameter.name
                )));
            }
            *place = none.as_ptr();
        }
    }
    let whole = Values {
        values: &all,
        positional: all.len(),
        names: std::ptr::null_mut(),
    };
    read(py, function, &whole, copies, arena, slots)
}

fn arguments(count: usize) -> String {
    match count {
        0 => "no arguments".into(),
        1 => "1 argument".into(),
        count => format!("{count} arguments"),
    }
}

/// Enters the memory that a call has lent.
pub fn lend(function: &'static CellFunction, arena: &Arena) -> PyResult<Lent> {
    if arena.ranges.is_empty() {
        return Ok(Lent::default());
    }
    let parameters = &function.loaded.signature.parameters;
    Lent::enter(&arena.ranges, &|index| {
        format!("{}: {}", function.name, parameters[index].name)
    })
}

/// A call's result, or the exception that it ended with.
pub fn ended<'py>(
    py: Python<'py>,
    function: &'static CellFunction,
    outcome: Outcome,
    made: Option<&Bound<'py, PyType>>,
) -> PyResult<Bound<'py, PyAny>> {
    match outcome {
        Outcome::Done(slot) => results::take(py, function, slot, made),
        Outcome::Thrown(slot) => Err(results::thrown(py, function, slot)),
        Outcome::Passed(id) => {
            Err(callbacks::take(id).unwrap_or_else(|| PyRuntimeError::new_err("a callback raised")))
        }
        outcome => {
            let cause = match &outcome {
                Outcome::Failed(text) | Outcome::Panicked { text, .. } => callbacks::cause(text),
                _ => None,
            };
            let error = failure::of(outcome, &function.cell.file);
            error.set_cause(py, cause);
            Err(error)
        }
    }
}
