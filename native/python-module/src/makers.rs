//! What Python has for the types of cells: classes, and the members of plain enums.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use pyo3::prelude::*;
use pyo3::types::PyType;

/// Of a struct or a class one class; of an enum one class or one value for each variant.
pub struct Maker(Vec<Py<PyAny>>);

static MAKERS: Mutex<Option<HashMap<String, &'static Maker>>> = Mutex::new(None);

/// Sets what makes the values of a type; `path`: as other cells write it. The first one stays.
pub fn define(path: String, objects: Vec<Py<PyAny>>) {
    let mut makers = MAKERS.lock().unwrap_or_else(|broken| broken.into_inner());
    let makers = makers.get_or_insert_default();
    makers
        .entry(path)
        .or_insert_with(|| Box::leak(Box::new(Maker(objects))));
}

/// A type's maker, looked up when it is first needed.
pub struct Known {
    path: String,
    maker: OnceLock<&'static Maker>,
}

impl Known {
    /// `path`: as other cells write it.
    pub fn new(path: String) -> Known {
        Known {
            path,
            maker: OnceLock::new(),
        }
    }

    fn get(&self) -> Option<&'static Maker> {
        if let Some(maker) = self.maker.get() {
            return Some(maker);
        }
        let makers = MAKERS.lock().unwrap_or_else(|broken| broken.into_inner());
        let maker = makers.as_ref()?.get(&self.path)?;
        Some(self.maker.get_or_init(|| maker))
    }

    pub fn class<'py>(&self, py: Python<'py>) -> Option<&'py Bound<'py, PyType>> {
        self.get()?.0.first()?.bind(py).cast::<PyType>().ok()
    }

    /// Of a struct 0; of an enum the variant's number.
    pub fn object<'py>(&self, py: Python<'py>, position: usize) -> Option<&'py Bound<'py, PyAny>> {
        Some(self.get()?.0.get(position)?.bind(py))
    }
}
