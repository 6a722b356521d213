//! Rust cells without a host language: what they export, the shim that exposes it over one C ABI, and the
//! loaded library. Node and Python build on this crate.

pub mod classes;
pub mod exports;
pub mod library;
pub mod number;
pub mod outline;
pub mod panics;
pub mod parse;
pub mod prelude;
pub mod shim;
pub mod spans;
pub mod types;

pub use tandem::abi;
