//! Rust cells without a host language: what they export, the shim that exposes it over one C ABI, and the
//! loaded library. Node and Python build on this crate.

pub mod abi;
pub mod library;
pub mod panics;
pub mod parse;
pub mod shim;
pub mod types;
