//! The functions of loaded cells as JavaScript functions.

use std::ffi::{c_char, c_void};
use std::ptr::null_mut;
use std::sync::Mutex;

use napi::{sys, Error, Result};
use tandem_cell_host::abi::Slot;
use tandem_cell_host::exports::{Function, Role, Shape, Source};
use tandem_cell_host::library::{Loaded, Outcome, Types};
use tandem_cell_host::panics;
use tandem_cell_host::types::Type;

use crate::arguments::{self, Arena, Lend};
use crate::failure::Failure;
use crate::quick::{self, Quick};
use crate::{background, callbacks, calls, careful, js, results, tasks, thrown};

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
    plan: Option<quick::Plan>,
    /// It takes functions of the notebook.
    calls_back: bool,
    /// It is called on a thread of its own while this one serves its callbacks.
    pub served: bool,
    /// It waits for a channel, for as long as that takes.
    pub waits: bool,
}

fn is_on_instance(signature: &Function) -> bool {
    let on_value = matches!(signature.role, Role::Method | Role::Getter | Role::Setter);
    let first = signature.parameters.first().map(|parameter| &parameter.ty);
    on_value && matches!(first, Some(Type::Instance { .. }))
}

static FUNCTIONS: Mutex<Vec<&'static CellFunction>> = Mutex::new(Vec::new());

pub fn by_id(id: u32) -> Result<&'static CellFunction> {
    let functions = FUNCTIONS.lock().unwrap_or_else(|broken| broken.into_inner());
    functions
        .get(id as usize)
        .copied()
        .ok_or_else(|| Error::from_reason("There is no such function."))
}

/// An array of `{ id, call, async }`, in the order of the exports. Where arrays are lent there is `known`, too: `call` for values
/// of which the caller knows that each slice's is a typed array of its kind.
pub fn expose(env: sys::napi_env, loaded: Vec<Loaded>, cell: Cell) -> Result<sys::napi_value> {
    let cell: &'static Cell = Box::leak(Box::new(cell));
    panics::watch_thread();
    let mut list = null_mut();
    // SAFETY: `env` is the running one, here and below; each out parameter is a local.
    unsafe { sys::napi_create_array(env, &mut list) };
    for (index, loaded) in loaded.into_iter().enumerate() {
        let name = loaded.signature.name.clone();
        if loaded.signature.parameters.len() > MOST_PARAMETERS {
            return Err(Error::from_reason(format!(
                "{name} has more than {MOST_PARAMETERS} parameters."
            )));
        }
        let stays = stays(&loaded.signature, &cell.types);
        let mut parameters = loaded.signature.parameters.iter();
        let is_async = loaded.signature.is_async;
        let function: &'static CellFunction = Box::leak(Box::new(CellFunction {
            waits: waits(&loaded.signature, &cell.types),
            calls_back: parameters.any(|parameter| parameter.ty.callback().is_some()),
            served: careful::is_served(&loaded.signature, &cell.types, stays.is_some()),
            stays,
            on_instance: is_on_instance(&loaded.signature),
            plan: quick::plan(
                &loaded.signature,
                &cell.types,
                is_on_instance(&loaded.signature),
                cell.big_as_number,
            ),
            loaded,
            cell,
        }));
        let id = {
            let mut functions = FUNCTIONS.lock().unwrap_or_else(|broken| broken.into_inner());
            functions.push(function);
            functions.len() as u32 - 1
        };
        let mut entry = null_mut();
        let mut number = null_mut();
        // SAFETY: the values are of this environment, the property names end in 0.
        unsafe {
            sys::napi_create_object(env, &mut entry);
            sys::napi_create_uint32(env, id, &mut number);
            set(env, entry, c"id".as_ptr(), number);
            set(
                env,
                entry,
                c"call".as_ptr(),
                make(
                    env,
                    &name,
                    if is_async {
                        tasks::call
                    } else {
                        callback::<false>(function.loaded.signature.parameters.len())
                    },
                    function,
                ),
            );
            if function.plan.as_ref().is_some_and(quick::Plan::lends) {
                let known = callback::<true>(function.loaded.signature.parameters.len());
                set(env, entry, c"known".as_ptr(), make(env, &name, known, function));
            }
            set(
                env,
                entry,
                c"async".as_ptr(),
                make(
                    env,
                    &name,
                    if is_async { tasks::call } else { background::call },
                    function,
                ),
            );
            sys::napi_set_element(env, list, index as u32, entry);
        }
    }
    Ok(list)
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

/// # Safety
/// `object` and `value` are values of `env`, `name` ends in 0.
unsafe fn set(env: sys::napi_env, object: sys::napi_value, name: *const c_char, value: sys::napi_value) {
    // SAFETY: the caller's.
    unsafe { sys::napi_set_named_property(env, object, name, value) };
}

type Callback = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

fn make(
    env: sys::napi_env,
    name: &str,
    callback: Callback,
    function: &'static CellFunction,
) -> sys::napi_value {
    let mut value = null_mut();
    let data = function as *const CellFunction as *mut c_void;
    // SAFETY: the callback has Node-API's type, its data lives as long as the process.
    unsafe {
        sys::napi_create_function(
            env,
            name.as_ptr() as *const c_char,
            name.len() as isize,
            Some(callback),
            data,
            &mut value,
        )
    };
    value
}

/// The function and the arguments of a callback.
///
/// # Safety
/// Called by a callback of `make` with its own parameters.
pub unsafe fn called(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> (&'static CellFunction, [sys::napi_value; MOST_PARAMETERS], usize) {
    let mut count = MOST_PARAMETERS;
    let mut values = [null_mut(); MOST_PARAMETERS];
    let mut data = null_mut();
    // SAFETY: room for `count` values, and the data is what `make` gave.
    let function = unsafe {
        sys::napi_get_cb_info(env, info, &mut count, values.as_mut_ptr(), null_mut(), &mut data);
        &*(data as *const CellFunction)
    };
    // Node-API fills the places of missing arguments with undefined, and tells how many were passed.
    (function, values, count.min(MOST_PARAMETERS))
}

/// A call's result, or why there is none.
pub fn ended(
    env: sys::napi_env,
    function: &'static CellFunction,
    outcome: Outcome,
) -> std::result::Result<sys::napi_value, Failure> {
    match outcome {
        Outcome::Done(slot) => results::take(env, function, slot),
        Outcome::Thrown(slot) => Err(results::thrown(env, function, slot)),
        Outcome::Passed(id) => Err(thrown::take(env, id).map_or_else(
            || Failure::Error {
                code: "RUST_HOST",
                text: format!(
                    "{}: a callback threw, and its error is gone.",
                    function.loaded.signature.name
                ),
            },
            Failure::Made,
        )),
        Outcome::Failed(text) => match thrown::take_text(env, &text) {
            Some(error) => Err(Failure::Made(error)),
            None => Err(Failure::of(Outcome::Failed(text), &function.cell.file)),
        },
        outcome @ Outcome::Panicked { .. } => {
            let failure = Failure::of(outcome, &function.cell.file);
            match function.calls_back.then(|| thrown::take_any(env)).flatten() {
                Some(cause) => {
                    let error = failure.to_error(env);
                    js::set_field(env, error, "cause", cause)?;
                    Err(Failure::Made(error))
                }
                None => Err(failure),
            }
        }
        outcome => Err(Failure::of(outcome, &function.cell.file)),
    }
}

/// Settles a promise.
pub fn settle(
    env: sys::napi_env,
    deferred: sys::napi_deferred,
    value: std::result::Result<sys::napi_value, Failure>,
) {
    // SAFETY: the promise is settled once, with values of this environment.
    unsafe {
        match value {
            Ok(value) => sys::napi_resolve_deferred(env, deferred, value),
            Err(failure) => {
                let mut error = failure.to_error(env);
                if error.is_null() {
                    sys::napi_get_and_clear_last_exception(env, &mut error);
                }
                sys::napi_reject_deferred(env, deferred, error)
            }
        };
    }
}

/// The callback of a function with `WANTED` parameters: all that a call keeps on the stack is of this size. Node-API tells how
/// many values were passed, whatever it is asked for.
unsafe extern "C" fn call_in_place<const WANTED: usize, const KNOWN: bool>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    if calls::on() {
        // SAFETY: this callback's own parameters.
        return unsafe { noted::<WANTED, KNOWN>(env, info) };
    }
    // SAFETY: as above.
    unsafe { perform::<WANTED, KNOWN>(env, info) }
}

/// The same call, noted for a profile.
///
/// # Safety
/// As `perform`.
#[cold]
#[inline(never)]
unsafe fn noted<const WANTED: usize, const KNOWN: bool>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    // SAFETY: the caller's.
    let (function, ..) = unsafe { called(env, info) };
    let _call = calls::in_place(function);
    // SAFETY: the caller's.
    unsafe { perform::<WANTED, KNOWN>(env, info) }
}

/// # Safety
/// `env` and `info` are those of a callback of `make` that runs now.
#[inline(always)]
unsafe fn perform<const WANTED: usize, const KNOWN: bool>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    let mut count = WANTED;
    let mut values = [null_mut(); WANTED];
    let mut data = null_mut();
    let places = match WANTED {
        0 => null_mut(),
        _ => values.as_mut_ptr(),
    };
    // SAFETY: room for `count` values, and the data is what `make` gave.
    let function = unsafe {
        sys::napi_get_cb_info(env, info, &mut count, places, null_mut(), &mut data);
        &*(data as *const CellFunction)
    };
    // While Rust holds a function of the notebook, JavaScript may run before the call returns.
    if let (Some(plan), true) = (&function.plan, count == WANTED && !callbacks::any()) {
        match quick::run::<WANTED, KNOWN>(env, &function.loaded, plan, &values) {
            Quick::Value(value) => return value,
            Quick::Unread => {}
            Quick::Ended(status, slot) => {
                let outcome = function.loaded.outcome(status, slot);
                return answer(env, ended(env, function, outcome));
            }
        }
    }
    answer(env, run::<WANTED>(env, function, &values, count))
}

/// The value, or the failure as the pending exception.
#[inline(never)]
fn answer(env: sys::napi_env, value: std::result::Result<sys::napi_value, Failure>) -> sys::napi_value {
    value.unwrap_or_else(|failure| {
        failure.throw(env);
        null_mut()
    })
}

#[inline(never)]
fn run<const WANTED: usize>(
    env: sys::napi_env,
    function: &'static CellFunction,
    values: &[sys::napi_value],
    count: usize,
) -> std::result::Result<sys::napi_value, Failure> {
    if function.calls_back || callbacks::any() {
        return careful::run(env, function, values, count);
    }
    let mut slots = [Slot::default(); WANTED];
    let mut arena = Arena::default();
    arguments::read(
        env,
        function,
        values,
        count,
        Lend::InPlace,
        &mut arena,
        &mut slots,
    )?;
    if callbacks::any() {
        // A getter among the arguments let Rust have a function meanwhile: what was lent must not be used.
        drop(arena);
        return careful::run(env, function, values, count);
    }
    arena.give_away();
    // SAFETY: `read` made a slot for each parameter, of its type, and refused overlapping mutable slices; what they
    // point to is kept by the arena, or by JavaScript, which does not run during the call.
    let outcome = unsafe { function.loaded.call(&slots) };
    // The loans end before the result is made: making it runs JavaScript.
    drop(arena);
    ended(env, function, outcome)
}

/// The callback for so many parameters. `KNOWN`: as in `quick::run`.
fn callback<const KNOWN: bool>(parameters: usize) -> Callback {
    macro_rules! choose {
        ($($wanted:literal),*) => {
            match parameters {
                $($wanted => call_in_place::<$wanted, KNOWN>,)*
                _ => call_in_place::<MOST_PARAMETERS, KNOWN>,
            }
        };
    }
    choose!(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
}
