//! Lists, tuples, sets and dicts.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator};
use tandem_cell_host::abi::Slot;
use tandem_cell_host::types::Type;

use crate::arguments::{is_text, At, Read, Reader};

impl<'py> Reader<'_, 'py> {
    /// The items of a list or another iterable; a text is none, though Python iterates it.
    pub(super) fn iterate(&self, value: &Bound<'py, PyAny>, at: At) -> PyResult<Bound<'py, PyIterator>> {
        if is_text(value) || value.is_instance_of::<PyDict>() {
            return Err(self.wrong(value, "a list", at));
        }
        value.try_iter().map_err(|_| self.wrong(value, "a list", at))
    }

    pub(super) fn items(&mut self, value: &Bound<'py, PyAny>, element: &Type, at: At) -> Read {
        let mut slots = Vec::with_capacity(value.len().unwrap_or(0));
        for item in self.iterate(value, at)? {
            let position = slots.len();
            let at = || format!("{}[{position}]", at());
            slots.push(self.value(&item?, element, &at)?);
        }
        Ok(self.arena.keep_slots(slots))
    }

    pub(super) fn tuple(&mut self, value: &Bound<'py, PyAny>, elements: &[Type], at: At) -> Read {
        let slots = self.elements(value, elements, Vec::new(), at)?;
        Ok(self.arena.keep_slots(slots))
    }

    /// The slots of a sequence of so many items, behind those that are there.
    pub(super) fn elements(
        &mut self,
        value: &Bound<'py, PyAny>,
        elements: &[Type],
        mut slots: Vec<Slot>,
        at: At,
    ) -> PyResult<Vec<Slot>> {
        let items: Vec<_> = self.iterate(value, at)?.collect::<PyResult<_>>()?;
        if items.len() != elements.len() {
            return Err(PyValueError::new_err(format!(
                "{}: {} items are expected, and there are {}",
                at(),
                elements.len(),
                items.len()
            )));
        }
        for (position, (item, ty)) in items.iter().zip(elements).enumerate() {
            let at = || format!("{}[{position}]", at());
            slots.push(self.value(item, ty, &at)?);
        }
        Ok(slots)
    }

    /// A dict, or what has `items()` as one.
    pub(super) fn map(&mut self, value: &Bound<'py, PyAny>, key: &Type, inner: &Type, at: At) -> Read {
        let pairs = value
            .call_method0("items")
            .map_err(|_| self.wrong(value, "a dict", at))?;
        let mut slots = Vec::with_capacity(value.len().unwrap_or(0));
        for pair in pairs.try_iter()? {
            let (one, item): (Bound<'py, PyAny>, Bound<'py, PyAny>) = pair?.extract()?;
            let shown = || {
                format!(
                    "{}[{}]",
                    at(),
                    one.repr().map_or("?".into(), |text| text.to_string())
                )
            };
            let pair = vec![self.value(&one, key, &shown)?, self.value(&item, inner, &shown)?];
            slots.push(self.arena.keep_slots(pair));
        }
        Ok(self.arena.keep_slots(slots))
    }
}
