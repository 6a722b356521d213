//! A compiled cell, loaded for good.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicPtr, Ordering};

use libloading::{Library, Symbol};

use crate::abi::{Cancel, Entry, Free, OnPanic, Slot, Start};
use crate::classes::{self, Class};
use crate::exports::{Definition, Exports, Function, Shape, Thrown};
use crate::panics;
use crate::shim::{
    drop_symbol, dyn_symbol, entry_symbol, free_error_symbol, free_symbol, start_symbol, threads_symbol,
};
use crate::spans;

/// A function of a loaded cell.
pub struct Loaded {
    pub signature: Function,
    /// A leaked `Code`.
    code: AtomicPtr<Code>,
}

/// What a library has for a function.
struct Code {
    entry: Entry,
    free: Free,
    free_text: Free,
    free_error: Option<Free>,
    /// Of an `async fn`, which has no entry to call.
    start: Option<StartTask>,
    enter: Enter,
}

/// Starts an `async fn`: reads its arguments before it returns; the status and the slot are those of a call.
type StartTask = unsafe extern "C" fn(*const Slot, *const Start, *mut Slot) -> i32;
/// Sets what the calls of this thread are given up by.
type Enter = extern "C" fn(*const Cancel) -> *const Cancel;

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

/// What a call ended with. The text of a panic and of a plain failure was freed.
pub enum Outcome {
    /// To be given to `Loaded::free` once it was read.
    Done(Slot),
    Panicked {
        text: String,
        place: Option<panics::Place>,
    },
    Failed(String),
    /// A pair of a text and a value of the cells' own type, to be given to `Loaded::free_error` once it was read.
    Thrown(Slot),
    /// A function of the notebook threw: what the host knows the error by.
    Passed(u64),
    Cancelled,
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
            let code = Box::leak(Box::new(Code {
                entry,
                free,
                free_text,
                free_error,
                start,
                enter,
            }));
            Ok(Loaded {
                signature,
                code: AtomicPtr::new(code),
            })
        })
        .collect();
    Ok((functions?, types))
}

/// In the place of an `async fn`'s entry: such a function is started and never called.
unsafe extern "C" fn no_entry(_: *const Slot, _: *mut Slot) -> i32 {
    crate::abi::CANCELLED
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

impl Loaded {
    #[inline]
    fn code(&self) -> &'static Code {
        // SAFETY: it points to what `load` leaked, and to nothing else ever.
        unsafe { &*self.code.load(Ordering::Acquire) }
    }

    /// Runs the code of another build of the same function from the next call on. What the earlier build gave may be freed
    /// by this one: source, compiler and allocator are the same.
    pub fn replace(&self, other: &Loaded) {
        self.code
            .store(other.code.load(Ordering::Acquire), Ordering::Release);
    }

    /// Calls the function.
    ///
    /// # Safety
    /// `arguments` has a slot for each parameter, of the parameter's type by the ABI's table, valid for the call;
    /// mutable slices do not overlap any other.
    pub unsafe fn call(&self, arguments: &[Slot]) -> Outcome {
        let mut out = Slot::default();
        // SAFETY: the caller's.
        let status = panics::watched(|| unsafe { self.call_bare(arguments, &mut out) });
        self.outcome(status, out)
    }

    /// Calls the function on a thread of `panics::watch_thread`: the status, and the slot in `out`.
    ///
    /// # Safety
    /// As `call`.
    #[inline]
    pub unsafe fn call_bare(&self, arguments: &[Slot], out: &mut Slot) -> i32 {
        // SAFETY: the caller's; `out` is a slot.
        unsafe { (self.code().entry)(arguments.as_ptr(), out) }
    }

    /// What a status and its slot tell.
    pub fn outcome(&self, status: i32, out: Slot) -> Outcome {
        match status {
            crate::abi::DONE => Outcome::Done(out),
            status => self.ended(status, out),
        }
    }

    /// As `call`, for a call that can be given up.
    ///
    /// # Safety
    /// As `call`; `cancel` has an owner meanwhile, or is null.
    pub unsafe fn call_cancellable(&self, arguments: &[Slot], cancel: *const Cancel) -> Outcome {
        let before = (self.code().enter)(cancel);
        // SAFETY: the caller's.
        let outcome = unsafe { self.call(arguments) };
        (self.code().enter)(before);
        outcome
    }

    /// Starts an `async fn`; `start.complete` is told its end. An outcome here means that it was not started.
    ///
    /// # Safety
    /// As `call`, but what the slots point to lives until the task is complete, and so does `start.cancel`.
    pub unsafe fn start(&self, arguments: &[Slot], start: &Start) -> Option<Outcome> {
        let begin = self.code().start?;
        let mut out = Slot::default();
        // SAFETY: the caller's.
        let status = panics::watched(|| unsafe { begin(arguments.as_ptr(), start, &mut out) });
        (status != crate::abi::DONE).then(|| self.ended(status, out))
    }

    #[cold]
    fn ended(&self, status: i32, out: Slot) -> Outcome {
        match status {
            crate::abi::FAILED_WITH => return Outcome::Thrown(out),
            crate::abi::THREW => return Outcome::Passed(out.a),
            crate::abi::CANCELLED => return Outcome::Cancelled,
            _ => {}
        }
        // SAFETY: any other status comes with a text of the cell's, freed just below.
        let bytes = unsafe { std::slice::from_raw_parts(out.a as *const u8, out.b as usize) };
        let text = String::from_utf8_lossy(bytes).into_owned();
        // SAFETY: it is freed once.
        unsafe { (self.code().free_text)(out) };
        if status == crate::abi::FAILED {
            Outcome::Failed(text)
        } else {
            let place = panics::take(&text);
            Outcome::Panicked { text, place }
        }
    }

    /// # Safety
    /// The slot is a result of `call` on this function and is not used again.
    pub unsafe fn free(&self, slot: Slot) {
        // SAFETY: the caller's.
        unsafe { (self.code().free)(slot) }
    }

    /// # Safety
    /// The slot is of an `Outcome::Thrown` of this function and is not used again.
    pub unsafe fn free_error(&self, slot: Slot) {
        if let Some(free) = self.code().free_error {
            // SAFETY: the caller's.
            unsafe { free(slot) }
        }
    }

    /// The function that frees its results, for an owner that outlives this borrow.
    pub fn free_function(&self) -> Free {
        self.code().free
    }
}
