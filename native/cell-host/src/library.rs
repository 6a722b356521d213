//! A compiled cell, loaded for good.

use std::path::Path;

use libloading::{Library, Symbol};

use crate::abi::{Entry, Free, OnPanic, Slot};
use crate::panics;
use crate::shim::{entry_symbol, free_symbol};
use crate::types::Function;

/// A function of a loaded cell.
pub struct Loaded {
    pub signature: Function,
    entry: Entry,
    free: Free,
    free_text: Free,
}

/// What a call ended with. The text of the last two was freed.
pub enum Outcome {
    /// To be given to `Loaded::free` once it was read.
    Done(Slot),
    Panicked {
        text: String,
        place: Option<panics::Place>,
    },
    Failed(String),
}

/// Loads a cell's library and finds its functions. It is never unloaded: destructors of thread-locals would outlive it.
pub fn load(path: &Path, signatures: Vec<Function>) -> Result<Vec<Loaded>, String> {
    // SAFETY: the library was built by this project's shim; what runs at its load is Rust's own start-up.
    let library = unsafe { Library::new(path) }.map_err(|error| error.to_string())?;
    let library: &'static Library = Box::leak(Box::new(library));
    // SAFETY: the shim exports it with this type.
    let start: Symbol<unsafe extern "C" fn(OnPanic)> = unsafe { symbol(library, "tandem_start") }?;
    // SAFETY: it takes a function that lives as long as the process.
    unsafe { start(panics::ON_PANIC) };
    // SAFETY: the shim exports these with these types.
    let free_text = unsafe { *symbol::<Free>(library, "tandem_free_text")? };
    signatures
        .into_iter()
        .map(|signature| {
            let name = signature.name.trim_start_matches("r#").to_string();
            // SAFETY: as above.
            let entry = unsafe { *symbol::<Entry>(library, &entry_symbol(&name))? };
            // SAFETY: as above.
            let free = unsafe { *symbol::<Free>(library, &free_symbol(&name))? };
            Ok(Loaded {
                signature,
                entry,
                free,
                free_text,
            })
        })
        .collect()
}

/// # Safety
/// The library exports the name with the type `T`.
unsafe fn symbol<'a, T>(library: &'a Library, name: &str) -> Result<Symbol<'a, T>, String> {
    // SAFETY: the caller's.
    unsafe { library.get(name.as_bytes()) }.map_err(|error| error.to_string())
}

impl Loaded {
    /// Calls the function.
    ///
    /// # Safety
    /// `arguments` has a slot for each parameter, of the parameter's type by the ABI's table, valid for the call;
    /// mutable slices do not overlap any other.
    pub unsafe fn call(&self, arguments: &[Slot]) -> Outcome {
        let mut out = Slot::default();
        // SAFETY: the caller's; `out` is a slot.
        match panics::watched(|| unsafe { (self.entry)(arguments.as_ptr(), &mut out) }) {
            crate::abi::DONE => Outcome::Done(out),
            status => self.ended(status, out),
        }
    }

    #[cold]
    fn ended(&self, status: i32, out: Slot) -> Outcome {
        // SAFETY: any other status comes with a text of the cell's, freed just below.
        let bytes = unsafe { std::slice::from_raw_parts(out.a as *const u8, out.b as usize) };
        let text = String::from_utf8_lossy(bytes).into_owned();
        // SAFETY: it is freed once.
        unsafe { (self.free_text)(out) };
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
        unsafe { (self.free)(slot) }
    }

    /// The function that frees its results, for an owner that outlives this borrow.
    pub fn free_function(&self) -> Free {
        self.free
    }
}
