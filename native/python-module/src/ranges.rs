//! The memory that running calls have lent to Rust: what one writes to, nobody else may have.

use std::sync::Mutex;

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

#[derive(Clone, Copy)]
pub struct Range {
    pub start: usize,
    pub end: usize,
    pub mutable: bool,
    /// The parameter's position.
    pub index: usize,
}

impl Range {
    fn conflicts(&self, other: &Range) -> bool {
        (self.mutable || other.mutable) && self.start < other.end && other.start < self.end
    }
}

/// Of the calls that run, each with its number.
static LENT: Mutex<Vec<(u64, Range)>> = Mutex::new(Vec::new());

/// What a call has lent, until it is dropped.
#[derive(Default)]
pub struct Lent(u64);

impl Lent {
    /// Enters the ranges of a call. `name` tells a parameter.
    pub fn enter(ranges: &[Range], name: &dyn Fn(usize) -> String) -> PyResult<Lent> {
        for (position, one) in ranges.iter().enumerate() {
            if let Some(other) = ranges[..position].iter().find(|other| one.conflicts(other)) {
                return Err(PyValueError::new_err(format!(
                    "{} and {} share memory, and Rust writes to one of them. Pass a copy of the other.",
                    name(other.index),
                    name(one.index)
                )));
            }
        }
        if ranges.is_empty() {
            return Ok(Lent(0));
        }
        let mut lent = LENT.lock().unwrap_or_else(|broken| broken.into_inner());
        for one in ranges {
            if lent.iter().any(|(_, other)| one.conflicts(other)) {
                return Err(PyRuntimeError::new_err(format!(
                    "{} is in use by another call, and one of the two writes to it. Wait for that call first.",
                    name(one.index)
                )));
            }
        }
        let number = lent.last().map_or(1, |(last, _)| last + 1);
        lent.extend(ranges.iter().map(|one| (number, *one)));
        Ok(Lent(number))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if self.0 != 0 {
            let mut lent = LENT.lock().unwrap_or_else(|broken| broken.into_inner());
            lent.retain(|(number, _)| *number != self.0);
        }
    }
}
