//! Instances of Rust's classes, lent for a call or given away with it.

use napi::sys;
use tandem_cell_host::abi::Slot;
use tandem_cell_host::classes::{self, Class, Refusal};
use tandem_cell_host::types::Access;

use crate::arguments::{Lend, Reader};
use crate::failure::Failure;
use crate::handles;

type At<'a> = &'a dyn Fn() -> String;

impl Reader<'_> {
    /// An instance of just this class.
    pub(super) fn instance(
        &mut self,
        value: sys::napi_value,
        name: &str,
        path: &str,
        access: Access,
        at: At,
    ) -> Result<Slot, Failure> {
        let wanted = self.types.classes.get(path).copied();
        let (handle, class) = self.found(value, at, &|| format!("an instance of {name}"))?;
        if !wanted.is_some_and(|wanted| std::ptr::eq(wanted, class)) {
            let same = if class.name == name {
                " of an earlier declaration; make a new one"
            } else {
                ""
            };
            return Err(Failure::Type(format!(
                "{}: an instance of {name} is expected, and it is one of {}{same}.",
                at(),
                class.name
            )));
        }
        let a = self.lend_instance(handle, class, access, at)?;
        Ok(Slot { a, b: 0 })
    }

    /// An instance of any class that has the trait, as the two words of a reference to it.
    pub(super) fn dynamic(
        &mut self,
        value: sys::napi_value,
        name: &str,
        path: &str,
        access: Access,
        at: At,
    ) -> Result<Slot, Failure> {
        let (handle, class) = self.found(value, at, &|| {
            format!("an instance of a class that implements {name}")
        })?;
        let path = self.types.outside(path);
        let Some((_, words)) = class.dynamic.iter().find(|(one, _)| *one == path) else {
            return Err(lacks(class, name, at));
        };
        let address = self.lend_instance(handle, class, access, at)?;
        // SAFETY: the address is an instance of this class, lent for the call.
        Ok(unsafe { words(address) })
    }

    /// An instance of one of the classes that the function was compiled for.
    pub(super) fn implementor(
        &mut self,
        value: sys::napi_value,
        name: &str,
        implementors: &[String],
        access: Access,
        at: At,
    ) -> Result<Slot, Failure> {
        let (handle, class) = self.found(value, at, &|| {
            format!("an instance of a class that implements {name}")
        })?;
        let position = implementors.iter().position(|path| {
            let wanted = self.types.classes.get(path);
            wanted.is_some_and(|wanted| std::ptr::eq(*wanted, class))
        });
        let Some(position) = position else {
            return Err(lacks(class, name, at));
        };
        let a = self.lend_instance(handle, class, access, at)?;
        Ok(Slot {
            a,
            b: position as u64,
        })
    }

    fn found(
        &self,
        value: sys::napi_value,
        at: At,
        wanted: &dyn Fn() -> String,
    ) -> Result<(u64, &'static Class), Failure> {
        let given = if self.receiver {
            handles::number(self.env, value)
        } else {
            None
        };
        let Some(handle) = given.or_else(|| handles::of(self.env, value)) else {
            return Err(Failure::Type(format!(
                "{}: {} is expected, and it is {}.",
                at(),
                wanted(),
                self.kind(value)
            )));
        };
        match classes::class_of(handle) {
            Some(class) => Ok((handle, class)),
            None => Err(gone(at)),
        }
    }

    fn lend_instance(
        &mut self,
        handle: u64,
        class: &'static Class,
        access: Access,
        at: At,
    ) -> Result<u64, Failure> {
        let access = match access {
            // A copy is all that is taken.
            Access::Owned if class.copy => Access::Shared,
            other => other,
        };
        let access = match self.lend {
            Lend::InPlace | Lend::CopyHere => access,
            Lend::Copy => elsewhere(class, access, at)?,
        };
        match classes::lend(handle, access) {
            Ok(address) => {
                self.arena.instances.push((handle, access == Access::Owned));
                Ok(address)
            }
            Err(Refusal::Gone) => Err(gone(at)),
            Err(Refusal::InUse) => Err(Failure::Error {
                code: "RUST_BORROW",
                text: format!(
                    "{}: this {} is in use by another call, and one of the two writes to it. Wait for that call first.",
                    at(),
                    class.name
                ),
            }),
        }
    }
}

/// How an instance can be lent to another thread: by Rust's rules of Send and Sync.
fn elsewhere(class: &Class, access: Access, at: At) -> Result<Access, Failure> {
    match access {
        Access::Shared if class.sync => Ok(Access::Shared),
        // Two threads must not read it at once; one alone may have it.
        Access::Shared if class.send => Ok(Access::Mutable),
        Access::Mutable | Access::Owned if class.send => Ok(access),
        _ => Err(Failure::Type(format!(
            "{}: {} cannot leave its thread: it is not Send. Call the function in place, without .async.",
            at(),
            class.name
        ))),
    }
}

fn gone(at: At) -> Failure {
    Failure::Error {
        code: "RUST_MOVED",
        text: format!(
            "{}: this instance is gone: it was given to a function that takes it by value, or disposed of.",
            at()
        ),
    }
}

fn lacks(class: &Class, name: &str, at: At) -> Failure {
    Failure::Type(format!(
        "{}: {} does not implement {name}, or did not when this function's cell was run: then run that cell again.",
        at(),
        class.name
    ))
}
