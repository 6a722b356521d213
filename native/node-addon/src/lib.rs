//! The Node addon. Parsing and shims come from the cell host; this crate turns JavaScript values into slots and back.

mod arguments;
mod background;
mod failure;
mod functions;
mod results;
mod time_loop;

use std::path::Path;

use napi::bindgen_prelude::*;
use napi::sys;
use napi_derive::napi;
use tandem_cell_host::{library, parse, shim, types};

/// What a cell's text exports, as JSON: `{ functions, problems, broken }`.
#[napi]
pub fn parse_cell(source: String) -> Result<String> {
    to_json(&parse::parse(&source))
}

/// The shim for `functions` (JSON of `parse_cell`). `flush`: the cell prints.
#[napi]
pub fn write_shim(functions: String, flush: bool) -> Result<String> {
    let functions: Vec<types::Function> = from_json(&functions)?;
    Ok(shim::shim(&functions, flush))
}

/// The ABI's source file, to stand beside each shim.
#[napi]
pub fn abi_source() -> &'static str {
    shim::ABI_SOURCE
}

/// Loads a cell's library. Returns for each function `{ name, id, call, async }`.
/// `file`: the cell's name for panics; `big_as_number`: 64-bit results as numbers where they are safe integers.
#[napi]
pub fn load_cell(
    env: Env,
    path: String,
    functions: String,
    file: String,
    big_as_number: bool,
) -> Result<RawValue> {
    let signatures: Vec<types::Function> = from_json(&functions)?;
    let loaded = library::load(Path::new(&path), signatures).map_err(Error::from_reason)?;
    functions::expose(env.raw(), loaded, &file, big_as_number).map(RawValue)
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

fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::from_reason(error.to_string()))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::from_reason(error.to_string()))
}
