//! The functions of loaded cells, as the addon knows them.

use std::sync::Mutex;

use napi::{Error, Result};
use tandem_cell_host::exports::{Function, Role, Shape, Source};
use tandem_cell_host::library::{Loaded, Types};
use tandem_cell_host::types::Type;

use crate::{careful, quick};

/// More parameters than anyone writes; a function with more is refused when it is loaded.
pub const MOST_PARAMETERS: usize = 16;

/// A loaded cell.
pub struct Cell {
    /// The cell's name, for panics.
    pub file: String,
    pub big_as_number: bool,
    pub types: Types,
}

/// A function of a cell, alive as long as the process: JavaScript may hold it that long.
pub struct CellFunction {
    pub loaded: Loaded,
    pub cell: &'static Cell,
    /// Why it cannot run on another thread.
    pub stays: Option<String>,
    /// Its first argument is the instance's handle or object. What belongs to an enum takes the value as an argument.
    pub on_instance: bool,
    pub plan: Option<quick::Plan>,
    /// It takes functions of the notebook.
    pub calls_back: bool,
    /// It is called on a thread of its own while this one serves its callbacks.
    pub served: bool,
    /// It waits for a channel, for as long as that takes.
    pub waits: bool,
}

impl CellFunction {
    fn new(loaded: Loaded, cell: &'static Cell) -> CellFunction {
        let (signature, types) = (&loaded.signature, &cell.types);
        let stays = stays(signature, types);
        let on_instance = is_on_instance(signature);
        let mut parameters = signature.parameters.iter();
        CellFunction {
            waits: waits(signature, types),
            calls_back: parameters.any(|parameter| parameter.ty.callback().is_some()),
            served: careful::is_served(signature, types, stays.is_some()),
            stays,
            on_instance,
            plan: quick::plan(signature, types, on_instance, cell.big_as_number),
            loaded,
            cell,
        }
    }
}

static FUNCTIONS: Mutex<Vec<&'static CellFunction>> = Mutex::new(Vec::new());

/// Keeps a function for good: the number to find it by, and the function.
pub fn add(loaded: Loaded, cell: &'static Cell) -> Result<(u32, &'static CellFunction)> {
    let signature = &loaded.signature;
    if signature.parameters.len() > MOST_PARAMETERS {
        return Err(Error::from_reason(format!(
            "{} has more than {MOST_PARAMETERS} parameters.",
            signature.name
        )));
    }
    let function: &'static CellFunction = Box::leak(Box::new(CellFunction::new(loaded, cell)));
    let mut functions = FUNCTIONS.lock().unwrap_or_else(|broken| broken.into_inner());
    functions.push(function);
    Ok((functions.len() as u32 - 1, function))
}

pub fn by_id(id: u32) -> Result<&'static CellFunction> {
    let functions = FUNCTIONS.lock().unwrap_or_else(|broken| broken.into_inner());
    functions
        .get(id as usize)
        .copied()
        .ok_or_else(|| Error::from_reason("There is no such function."))
}

fn is_on_instance(signature: &Function) -> bool {
    let on_value = matches!(signature.role, Role::Method | Role::Getter | Role::Setter);
    let first = signature.parameters.first().map(|parameter| &parameter.ty);
    on_value && matches!(first, Some(Type::Instance { .. }))
}

fn waits(signature: &Function, types: &Types) -> bool {
    let this = signature.parameters.first().map(|parameter| &parameter.ty);
    let Some(Type::Instance { path, .. }) = this else {
        return false;
    };
    let shape = types.definitions.get(path).map(|one| &one.shape);
    let channel = matches!(
        shape,
        Some(Shape::Lazy {
            source: Source::Channel,
            ..
        })
    );
    channel && signature.name == "next"
}

/// A result that holds an instance which may not leave the thread that made it.
fn stays(signature: &Function, types: &Types) -> Option<String> {
    let mut found = None;
    signature.returns.walk(&mut |ty| {
        if let Type::Instance { path, name, .. } = ty {
            if types.classes.get(path).is_some_and(|class| !class.send) {
                found = Some(format!(
                    "{}: {name} cannot leave its thread: it is not Send. Call the function in place, without .async.",
                    signature.name
                ));
            }
        }
    });
    found
}
