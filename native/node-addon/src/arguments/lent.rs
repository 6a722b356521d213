//! What memory a call's arguments lend, and that no two of them meet in it.

use crate::failure::Failure;
use crate::functions::CellFunction;

/// Memory that is lent to a call.
#[derive(Clone, Copy, Default)]
pub struct Range {
    pub start: usize,
    pub end: usize,
    pub mutable: bool,
    /// Of the parameter.
    pub index: usize,
}

/// All that a call lends.
#[derive(Default)]
pub struct Lent {
    /// The first ranges; most calls lend no more, and none of them allocates.
    first: [Range; 3],
    more: Vec<Range>,
    count: usize,
}

impl Lent {
    /// Notes memory that is lent.
    pub fn note(&mut self, range: Range) {
        match self.first.get_mut(self.count) {
            Some(place) => *place = range,
            None => self.more.push(range),
        }
        self.count += 1;
    }

    /// Rust promises that a `&mut` slice is the only way to its memory: two arguments in one buffer would break it.
    pub fn refuse_overlaps(&self, function: &CellFunction) -> Result<(), Failure> {
        if self.count < 2 {
            return Ok(());
        }
        let inline = &self.first[..self.count.min(self.first.len())];
        let all: Vec<&Range> = inline.iter().chain(&self.more).collect();
        for (position, one) in all.iter().enumerate() {
            for other in &all[..position] {
                if (one.mutable || other.mutable) && one.start < other.end && other.start < one.end {
                    let parameters = &function.loaded.signature.parameters;
                    return Err(Failure::Type(format!(
                        "{}: {} and {} share memory, and one of them is written (&mut). Pass a copy of one: array.slice().",
                        function.loaded.signature.name, parameters[other.index].name, parameters[one.index].name
                    )));
                }
            }
        }
        Ok(())
    }
}
