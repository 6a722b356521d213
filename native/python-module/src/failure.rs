//! Why a call did not return a value, as Python's exceptions.

use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use tandem_cell_host::library::Outcome;

create_exception!(
    tandem_rust,
    RustError,
    PyException,
    "What a Rust function returned as `Err`."
);
create_exception!(tandem_rust, RustPanic, RustError, "A panic of Rust's.");

pub fn panic(text: &str) -> PyErr {
    RustPanic::new_err(text.to_string())
}

/// The exception of a call that failed or panicked; `file` is the cell's name.
pub fn of(outcome: Outcome, file: &str) -> PyErr {
    match outcome {
        Outcome::Failed(text) => RustError::new_err(text),
        Outcome::Panicked { text, place } => {
            let place = place.map_or(String::new(), |place| {
                let own = place.file == tandem_cell_host::shim::CELL_FILE || place.file.ends_with("/cell.rs");
                let name = if own { file } else { &place.file };
                format!(" ({name}:{}:{})", place.line, place.column)
            });
            panic(&format!("panicked: {text}{place}"))
        }
        Outcome::Cancelled => RustError::new_err("The call was given up."),
        Outcome::Done(_) | Outcome::Thrown(_) | Outcome::Passed(_) => RustError::new_err("no failure"),
    }
}
