//! Instances of Rust's classes, lent for a call or given away with it.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use tandem_cell_host::abi::Slot;
use tandem_cell_host::classes::Class;
use tandem_cell_host::types::Access;

use crate::arguments::{At, Read, Reader};
use crate::instances;

impl<'py> Reader<'_, 'py> {
    /// An instance of just this class.
    pub(super) fn instance(
        &mut self,
        value: &Bound<'py, PyAny>,
        name: &str,
        path: &str,
        access: Access,
        at: At,
    ) -> Read {
        let wanted = self.cell.types.classes.get(path).copied();
        let class = self.class(value, &format!("an instance of {name}"), at)?;
        if !wanted.is_some_and(|wanted| std::ptr::eq(wanted, class)) {
            let same = if class.name == name {
                " of an earlier declaration; make a new one"
            } else {
                ""
            };
            return Err(PyTypeError::new_err(format!(
                "{}: an instance of {name} is expected, and it is one of {}{same}",
                at(),
                class.name
            )));
        }
        let a = self.lend(value, access, at)?;
        Ok(Slot { a, b: 0 })
    }

    /// An instance of any class that has the trait, as the two words of a reference to it.
    pub(super) fn dynamic(
        &mut self,
        value: &Bound<'py, PyAny>,
        name: &str,
        path: &str,
        access: Access,
        at: At,
    ) -> Read {
        let class = self.any_class(value, name, at)?;
        let path = self.cell.types.outside(path);
        let Some((_, words)) = class.dynamic.iter().find(|(one, _)| *one == path) else {
            return Err(lacks(class, name, at));
        };
        let address = self.lend(value, access, at)?;
        // SAFETY: the address is an instance of this class, lent for the call.
        Ok(unsafe { words(address) })
    }

    /// An instance of one of the classes that the function was compiled for.
    pub(super) fn implementor(
        &mut self,
        value: &Bound<'py, PyAny>,
        name: &str,
        implementors: &[String],
        access: Access,
        at: At,
    ) -> Read {
        let class = self.any_class(value, name, at)?;
        let position = implementors.iter().position(|path| {
            let wanted = self.cell.types.classes.get(path);
            wanted.is_some_and(|wanted| std::ptr::eq(*wanted, class))
        });
        let Some(position) = position else {
            return Err(lacks(class, name, at));
        };
        let a = self.lend(value, access, at)?;
        Ok(Slot {
            a,
            b: position as u64,
        })
    }

    /// The class of an instance that is to have the trait.
    fn any_class(&self, value: &Bound<'py, PyAny>, name: &str, at: At) -> PyResult<&'static Class> {
        let wanted = format!("an instance of a class that implements {name}");
        self.class(value, &wanted, at)
    }

    fn class(&self, value: &Bound<'py, PyAny>, wanted: &str, at: At) -> PyResult<&'static Class> {
        instances::class_of(value).ok_or_else(|| self.wrong(value, wanted, at))
    }

    fn lend(&mut self, value: &Bound<'py, PyAny>, access: Access, at: At) -> PyResult<u64> {
        let (address, held) = instances::lend(value, access, at)?;
        self.arena.instances.push(held);
        self.keep(value);
        Ok(address)
    }
}

fn lacks(class: &Class, name: &str, at: At) -> PyErr {
    PyTypeError::new_err(format!(
        "{}: {} does not implement {name}, or did not when this function's cell was run: then run that cell again",
        at(),
        class.name
    ))
}
