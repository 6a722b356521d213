//! A compiled cell, loaded for good.

mod loaded;

use std::collections::HashMap;
use std::path::Path;

use libloading::{Library, Symbol};

use crate::abi::{Entry, Free, OnPanic, Slot};
use crate::classes::{self, Class};
use crate::exports::{Definition, Exports, Shape, Thrown};
use crate::panics;
use crate::shim::{
    drop_symbol, dyn_symbol, entry_symbol, free_error_symbol, free_symbol, start_symbol, threads_symbol,
};
use crate::spans;
use loaded::{no_entry, Code, Enter, StartTask};
pub use loaded::{Loaded, Outcome};

/// What a host needs to know of the types in a cell's signatures, by their paths there.
#[derive(Default)]
pub struct Types {
    pub definitions: HashMap<String, Definition>,
    pub classes: HashMap<String, &'static Class>,
    /// What other cells' paths call this cell.
    pub cell: String,
}

impl Types {
    /// A path of this cell as classes carry it.
    pub fn outside(&self, path: &str) -> String {
        outside(path, &self.cell)
    }
}

/// Loads a cell's library and finds its functions and classes. It is never unloaded: destructors of thread-locals would
/// outlive it. `name`: what earlier cells' paths call it, `cell_<hash>`.
pub fn load(path: &Path, name: &str, exports: Exports) -> Result<(Vec<Loaded>, Types), String> {
    // SAFETY: the library was built by this project's shim; what runs at its load is Rust's own start-up.
    let library = unsafe { Library::new(path) }.map_err(|error| reason(&error))?;
    let library: &'static Library = Box::leak(Box::new(library));
    // SAFETY: the shim exports it with this type.
    let start: Symbol<unsafe extern "C" fn(OnPanic)> = unsafe { symbol(library, "tandem_start") }?;
    // SAFETY: it takes a function that lives as long as the process.
    unsafe { start(panics::ON_PANIC) };
    load_classes(library, name, &exports)?;
    // SAFETY: the shim exports these with these types.
    let take_spans = unsafe { *symbol::<extern "C" fn() -> Slot>(library, "tandem_spans")? };
    // SAFETY: as above.
    let clock = unsafe { *symbol::<extern "C" fn() -> u64>(library, "tandem_clock")? };
    // SAFETY: as above.
    let free_text = unsafe { *symbol::<Free>(library, "tandem_free_text")? };
    // SAFETY: as above.
    let enter = unsafe { *symbol::<Enter>(library, "tandem_enter")? };
    spans::add(take_spans, free_text, clock);
    let mut types = Types {
        cell: name.to_string(),
        ..Types::default()
    };
    for definition in exports.types {
        if let Some(class) = classes::find(&outside(&definition.path, name)) {
            types.classes.insert(definition.path.clone(), class);
        }
        types.definitions.insert(definition.path.clone(), definition);
    }
    let functions = exports.functions.into_iter().enumerate();
    let functions: Result<Vec<_>, String> = functions
        .map(|(index, signature)| {
            let (entry, start): (Entry, Option<StartTask>) = if signature.is_async {
                // SAFETY: as above.
                (no_entry, Some(unsafe { *symbol(library, &start_symbol(index))? }))
            } else {
                // SAFETY: as above.
                (unsafe { *symbol(library, &entry_symbol(index))? }, None)
            };
            // SAFETY: as above.
            let free = unsafe { *symbol::<Free>(library, &free_symbol(index))? };
            let free_error = match signature.error {
                Some(Thrown::Data { .. }) => {
                    // SAFETY: as above.
                    Some(unsafe { *symbol::<Free>(library, &free_error_symbol(index))? })
                }
                _ => None,
            };
            let code = Code {
                entry,
                free,
                free_text,
                free_error,
                start,
                enter,
            };
            Ok(Loaded::new(signature, code))
        })
        .collect();
    Ok((functions?, types))
}

/// Loads a library for good whose symbols others may use. Rust's names carry a hash of crate, version, features and compiler:
/// what has one name is one piece of code, and the first that was loaded serves all.
pub fn load_shared(path: &Path) -> Result<(), String> {
    #[cfg(unix)]
    {
        use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};
        // SAFETY: the library holds crates that a cell of the user's is linked with; what runs at its load is theirs.
        let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL) };
        std::mem::forget(library.map_err(|error| reason(&error))?);
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// What the loader says: libloading's own words name the function that failed, and the cause below says why.
fn reason(error: &libloading::Error) -> String {
    use std::error::Error;
    error
        .source()
        .map_or_else(|| error.to_string(), ToString::to_string)
}

fn load_classes(library: &'static Library, name: &str, exports: &Exports) -> Result<(), String> {
    for (index, definition) in exports.types.iter().enumerate() {
        let (traits, copy) = match &definition.shape {
            Shape::Class { traits, copy, .. } => (traits.as_slice(), *copy),
            Shape::Lazy { .. } => (&[][..], false),
            _ => continue,
        };
        let Some(inner) = definition.path.strip_prefix("crate::") else {
            continue;
        };
        // SAFETY: the shim exports these with these types for each class of its own.
        let drop = unsafe { *symbol::<classes::DropInstance>(library, &drop_symbol(index))? };
        // SAFETY: as above.
        let threads = unsafe { symbol::<extern "C" fn() -> u32>(library, &threads_symbol(index))? };
        let mut dynamic = Vec::new();
        for (position, one) in traits.iter().enumerate().filter(|(_, one)| one.dynamic) {
            // SAFETY: as above.
            let words = unsafe { *symbol::<classes::Words>(library, &dyn_symbol(index, position))? };
            dynamic.push((outside(&one.path, name), words));
        }
        let flags = threads();
        classes::add(Class {
            path: format!("{name}::{inner}"),
            name: definition.name.clone(),
            drop,
            copy,
            send: flags & 1 != 0,
            sync: flags & 2 != 0,
            dynamic,
        });
    }
    Ok(())
}

/// A path as other cells write it.
pub fn outside(path: &str, name: &str) -> String {
    match path.strip_prefix("crate::") {
        Some(inner) => format!("{name}::{inner}"),
        None => path.to_string(),
    }
}

/// # Safety
/// The library exports the name with the type `T`.
unsafe fn symbol<'a, T>(library: &'a Library, name: &str) -> Result<Symbol<'a, T>, String> {
    // SAFETY: the caller's.
    unsafe { library.get(name.as_bytes()) }.map_err(|error| reason(&error))
}
