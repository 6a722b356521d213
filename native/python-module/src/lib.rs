//! The Python module: loads the same compiled cells as the Node addon, and turns Python values into slots and back. What is
//! pleasant to have in Python's own words (modules, classes, dataclasses) is made by the runner (`tandem_runner/rust.py`).

mod arguments;
mod blocks;
mod buffer;
mod callbacks;
mod failure;
mod function_type;
mod functions;
mod instances;
mod makers;
mod ranges;
mod raw_type;
mod results;
mod tasks;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
mod tandem_rust {
    use std::path::Path;

    use pyo3::exceptions::{PyImportError, PyTypeError};
    use pyo3::prelude::*;
    use pyo3::types::{PyTuple, PyType};
    use tandem_cell_host::exports::Exports;
    use tandem_cell_host::{library, spans};

    #[pymodule_export]
    use crate::failure::{RustError, RustPanic};
    use crate::functions::{Cell, CellFunction, MOST_PARAMETERS};
    use crate::makers::Known;
    use crate::{blocks, function_type, instances, makers, tasks};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        module.add("Instance", instances::base(py)?)?;
        module.add("Block", blocks::base(py)?)
    }

    /// Loads a cell's library for good. Returns a callable for each function of the exports, JSON as the cell's manifest has it.
    /// `name`: what other cells call it; `file`: the cell's name for panics. Those in `methods`, by position, bind to instances.
    #[pyfunction]
    fn load<'py>(
        py: Python<'py>,
        path: &str,
        name: &str,
        exports: &str,
        file: String,
        methods: Vec<usize>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let (loaded, types) =
            library::load(Path::new(path), name, parse(exports)?).map_err(PyImportError::new_err)?;
        let paths = types.definitions.keys();
        let makers = paths
            .map(|path| (path.clone(), Known::new(types.outside(path))))
            .collect();
        let cell: &'static Cell = Box::leak(Box::new(Cell { file, types, makers }));
        let functions = loaded.into_iter().enumerate().map(|(index, loaded)| {
            if loaded.signature.parameters.len() > MOST_PARAMETERS {
                return Err(PyTypeError::new_err(format!(
                    "{} has more than {MOST_PARAMETERS} parameters",
                    loaded.signature.name
                )));
            }
            let function = Box::leak(Box::new(CellFunction::new(loaded, cell)));
            function_type::make(py, function, methods.contains(&index), false)
        });
        functions.collect()
    }

    /// What makes a class's instances: as `function`, a callable of `load`, with the class as its first argument.
    #[pyfunction]
    fn constructor<'py>(py: Python<'py>, function: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        function_type::make(py, of(function)?, false, true)
    }

    /// Loads the library of a cell's crates so that later libraries use the crates it holds.
    #[pyfunction]
    fn load_crates(path: &str) -> PyResult<()> {
        library::load_shared(Path::new(path)).map_err(PyImportError::new_err)
    }

    /// Loads another build of a cell and runs its code from the next call on.
    #[pyfunction]
    fn swap(path: &str, name: &str, exports: &str, functions: Vec<Bound<'_, PyAny>>) -> PyResult<()> {
        let (loaded, _) =
            library::load(Path::new(path), name, parse(exports)?).map_err(PyImportError::new_err)?;
        for (function, other) in functions.iter().zip(&loaded) {
            of(function)?.loaded.replace(other);
        }
        Ok(())
    }

    /// Sets what makes values of a type: of an enum one object for each variant. `path`: as other cells write it.
    #[pyfunction]
    fn define(path: String, objects: Vec<Py<PyAny>>) {
        makers::define(path, objects);
    }

    /// Sets the class, derived from `Block`, of the blocks of numbers that functions return.
    #[pyfunction]
    fn use_block(class: Bound<'_, PyType>) {
        blocks::use_class(class);
    }

    /// Drops an instance now; `False` where it was gone already.
    #[pyfunction]
    fn dispose(instance: &Bound<'_, PyAny>) -> PyResult<bool> {
        instances::dispose(instance)
    }

    /// Starts an `async fn`; `done` is told its value or its exception, on another thread.
    #[pyfunction]
    fn start(
        function: &Bound<'_, PyAny>,
        arguments: &Bound<'_, PyTuple>,
        done: Bound<'_, PyAny>,
    ) -> PyResult<()> {
        tasks::start(of(function)?, arguments, done)
    }

    /// The spans that cells have marked in this process since this was last asked, of each library: JSON.
    #[pyfunction]
    fn take_spans() -> Vec<String> {
        spans::take()
    }

    /// What the clocks of those spans show now, in nanoseconds, in the same order.
    #[pyfunction]
    fn span_clocks() -> Vec<f64> {
        spans::clocks()
    }

    fn of(function: &Bound<'_, PyAny>) -> PyResult<&'static CellFunction> {
        function_type::of(function).ok_or_else(|| PyTypeError::new_err("a function of a cell is expected"))
    }

    fn parse(exports: &str) -> PyResult<Exports> {
        serde_json::from_str(exports).map_err(|error| PyImportError::new_err(error.to_string()))
    }
}
