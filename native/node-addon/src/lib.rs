//! The Node addon. Parsing and shims come from the cell host; this crate turns JavaScript values into slots and back.

mod arguments;
mod background;
mod callbacks;
mod calls;
mod cancel;
mod careful;
mod expose;
mod failure;
mod functions;
pub mod guard;
mod handles;
mod in_place;
mod js;
mod later;
mod mailbox;
mod outcome;
mod pool;
mod quick;
mod results;
pub mod shared_memory;
pub mod system_call;
mod tasks;
mod thrown;
mod time_loop;

use std::path::Path;

use napi::bindgen_prelude::*;
use napi::sys;
use napi_derive::napi;
use tandem_cell_host::prelude::PRELUDE_SOURCES;
use tandem_cell_host::{classes, library, outline, parse, shim, spans};

/// What a cell's text exports, as JSON. `earlier`: what the cells above export, as JSON of `{ types, traits }`.
#[napi]
pub fn parse_cell(source: String, earlier: String) -> Result<String> {
    let earlier: parse::Earlier = from_json(&earlier)?;
    to_json(&parse::parse(&source, &earlier))
}

/// The items of a cell's text with their places, as JSON.
#[napi]
pub fn outline_cell(source: String) -> Result<String> {
    to_json(&outline::outline(&source))
}

/// The shim for the exports (JSON of `parse_cell`). `flush`: the cell prints. `tasks`: the path of the function that runs
/// its `async fn`s, where a crate of the cell brings a runtime.
#[napi]
pub fn write_shim(exports: String, flush: bool, tasks: Option<String>) -> Result<String> {
    let tasks = tasks.as_deref().unwrap_or(shim::PLAIN_TASKS);
    Ok(shim::shim(&from_json(&exports)?, flush, tasks))
}

/// The sources of the crate that shims are compiled against, `tandem`: JSON of pairs of file name and text.
#[napi]
pub fn prelude_sources() -> Result<String> {
    to_json(&PRELUDE_SOURCES)
}

/// Loads a cell's library. Returns for each function of the exports `{ id, call, async }`.
/// `name`: what other cells call it; `file`: the cell's name for panics; `big_as_number`: 64-bit results as numbers where
/// they are safe integers.
#[napi]
pub fn load_cell(
    env: Env,
    path: String,
    name: String,
    exports: String,
    file: String,
    big_as_number: bool,
) -> Result<RawValue> {
    let (loaded, types) =
        library::load(Path::new(&path), &name, from_json(&exports)?).map_err(Error::from_reason)?;
    let cell = functions::Cell {
        file,
        big_as_number,
        types,
    };
    expose::expose(env.raw(), loaded, cell).map(RawValue)
}

/// Loads the library of a cell's crates so that later libraries use the crates it holds, where they have the same.
#[napi]
pub fn load_crates(path: String) -> Result<()> {
    library::load_shared(Path::new(&path)).map_err(Error::from_reason)
}

/// Loads another build of a cell and runs its code from the next call on. `ids`: of the functions that `load_cell` gave for
/// the earlier build, in the order of the exports.
#[napi]
pub fn swap_cell(path: String, name: String, exports: String, ids: Vec<u32>) -> Result<()> {
    let (loaded, _) =
        library::load(Path::new(&path), &name, from_json(&exports)?).map_err(Error::from_reason)?;
    for (id, other) in ids.into_iter().zip(&loaded) {
        functions::by_id(id)?.loaded.replace(other);
    }
    Ok(())
}

/// Sets the symbol under which objects hold the handles of Rust's instances.
#[napi]
pub fn use_symbol(env: Env, symbol: Unknown) -> Result<()> {
    raised(env, handles::use_symbol(env.raw(), symbol.raw()))
}

/// Sets what makes objects of a class: a function of the handle. `path`: `cell_<hash>::cell::Counter`.
#[napi]
pub fn set_maker(env: Env, path: String, maker: Unknown) -> Result<()> {
    raised(env, handles::set_maker(env.raw(), path, maker.raw()))
}

/// Lets go of an instance: it is dropped now, or when the call that uses it ends. `false` where it was gone already.
#[napi]
pub fn dispose(handle: f64) -> Result<bool> {
    classes::dispose(handle as u64).map_err(|text| Error::from_reason(format!("panicked in Drop: {text}")))
}

/// Makes the next `.async` call of this thread one that can be given up; the number to do it by.
#[napi]
pub fn cancel_next() -> u32 {
    cancel::make_next()
}

/// Gives up a call that is under way; nothing where it has ended.
#[napi]
pub fn cancel_call(number: u32) {
    cancel::cancel(number);
}

/// The spans that cells have marked since this was last asked, of each library, as the crate `tandem` writes them: JSON.
#[napi]
pub fn take_spans() -> Vec<String> {
    spans::take()
}

/// Notes from now on which functions this thread calls when, and what runs for `.async`.
#[napi]
pub fn start_calls() {
    calls::start();
}

/// Ends that: JSON of `{ now, lost, calls: [[name, file, start, end, elsewhere], …] }`, in nanoseconds.
#[napi]
pub fn stop_calls() -> String {
    calls::stop()
}

/// What the clock of each library's spans shows now, in nanoseconds, in the order of `take_spans`.
#[napi]
pub fn span_clocks() -> Vec<f64> {
    spans::clocks()
}

/// Calls function `id` so many times without leaving native code: `{ ns, result }` of the whole loop.
#[napi]
pub fn time_calls(env: Env, id: u32, arguments: Vec<Unknown>, iterations: f64) -> Result<RawValue> {
    let values: Vec<sys::napi_value> = arguments.iter().map(|value| value.raw()).collect();
    time_loop::run(env.raw(), functions::by_id(id)?, &values, iterations as u64).map(RawValue)
}

/// A JavaScript value made by this crate.
pub struct RawValue(sys::napi_value);

impl ToNapiValue for RawValue {
    unsafe fn to_napi_value(_: sys::napi_env, value: Self) -> Result<sys::napi_value> {
        Ok(value.0)
    }
}

/// A failure of this crate's own as napi-rs reports it: the exception is pending.
fn raised<T>(env: Env, result: std::result::Result<T, failure::Failure>) -> Result<T> {
    result.map_err(|failure| {
        failure.throw(env.raw());
        Error::new(Status::PendingException, String::new())
    })
}

fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::from_reason(error.to_string()))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::from_reason(error.to_string()))
}
