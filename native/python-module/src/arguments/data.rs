//! Structs and enums with data: objects of the classes that Python has for them, or dicts with the same names.

use pyo3::exceptions::{PyRecursionError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use tandem_cell_host::abi::Slot;
use tandem_cell_host::exports::{Definition, Field, Shape, Variant, VariantFields};
use tandem_cell_host::types::Type;

use crate::arguments::{is_text, At, Read, Reader};

/// Deeper values are taken to hold themselves.
const DEEPEST: usize = 500;

impl<'py> Reader<'_, 'py> {
    pub(super) fn data(&mut self, value: &Bound<'py, PyAny>, path: &str, at: At) -> Read {
        let Some(definition) = self.cell.types.definitions.get(path) else {
            return Err(PyTypeError::new_err(format!(
                "{}: the type {path} is not known here.",
                at()
            )));
        };
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(PyRecursionError::new_err(format!(
                "{} is nested deeper than {DEEPEST} levels, or holds itself.",
                definition.name
            )));
        }
        let slot = match &definition.shape {
            Shape::Struct { fields } => {
                let slots = self.fields(value, &definition.name, fields, Vec::new(), at)?;
                Ok(self.arena.keep_slots(slots))
            }
            Shape::Tuple { elements } => match elements.as_slice() {
                [one] => self.value(value, one, at),
                all => self.tuple(value, all, at),
            },
            Shape::Enum { variants } => self.variant(value, definition, variants, at),
            Shape::Class { .. } | Shape::Lazy { .. } => Err(self.wrong(value, "data", at)),
        };
        self.depth -= 1;
        slot
    }

    fn fields(
        &mut self,
        value: &Bound<'py, PyAny>,
        name: &str,
        fields: &[Field],
        mut slots: Vec<Slot>,
        at: At,
    ) -> PyResult<Vec<Slot>> {
        for field in fields {
            let found = member(value, &field.name)?;
            let at = || format!("{}.{}", at(), field.name);
            match found {
                Some(inner) => slots.push(self.value(&inner, &field.ty, &at)?),
                None if matches!(field.ty, Type::Option { .. } | Type::Unit) => slots.push(Slot::default()),
                None => {
                    let wanted = format!("a {name}, or a dict with its fields,");
                    return Err(PyTypeError::new_err(format!(
                        "{} is missing: {wanted} is expected, and this is {}",
                        at(),
                        super::kind(value)
                    )));
                }
            }
        }
        Ok(slots)
    }

    /// An object with its variant's name in `kind`; the name alone for a variant that holds nothing.
    fn variant(
        &mut self,
        value: &Bound<'py, PyAny>,
        definition: &Definition,
        variants: &[Variant],
        at: At,
    ) -> Read {
        let kind = if is_text(value) {
            Some(value.clone())
        } else {
            member(value, "kind")?
        };
        let Some(kind) = kind.filter(is_text) else {
            let all: Vec<_> = variants.iter().map(|one| one.name.as_str()).collect();
            let wanted = format!("a {} ({})", definition.name, all.join(", "));
            return Err(self.wrong(value, &wanted, at));
        };
        let name: String = kind.extract()?;
        let found = variants.iter().enumerate().find(|(_, one)| one.name == name);
        let Some((tag, variant)) = found else {
            let all: Vec<_> = variants.iter().map(|one| one.name.as_str()).collect();
            return Err(PyTypeError::new_err(format!(
                "{}: {} has no variant {name:?}; it has {}",
                at(),
                definition.name,
                all.join(", ")
            )));
        };
        let mut slots = vec![Slot { a: tag as u64, b: 0 }];
        match &variant.fields {
            VariantFields::Unit => {}
            VariantFields::Named { fields } => {
                slots = self.fields(value, &variant.name, fields, slots, at)?
            }
            VariantFields::Tuple { elements } => {
                let name = if elements.len() == 1 { "value" } else { "values" };
                let at = || format!("{}.{name}", at());
                let Some(inner) = member(value, name)? else {
                    return Err(PyTypeError::new_err(format!("{} is missing", at())));
                };
                match elements.as_slice() {
                    [one] => slots.push(self.value(&inner, one, &at)?),
                    all => slots = self.elements(&inner, all, slots, &at)?,
                }
            }
        }
        Ok(self.arena.keep_slots(slots))
    }
}

/// A dict's entry or an object's attribute.
fn member<'py>(value: &Bound<'py, PyAny>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    match value.cast::<PyDict>() {
        Ok(dict) => dict.get_item(name),
        Err(_) => match value.getattr_opt(name)? {
            // Names that are Python's keywords have a trailing underscore there.
            None => value.getattr_opt(format!("{name}_")),
            found => Ok(found),
        },
    }
}
