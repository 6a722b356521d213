//! The steps of a function, chosen when its cell is loaded.

use tandem_cell_host::classes::Class;
use tandem_cell_host::exports::Function;
use tandem_cell_host::library::Types;
use tandem_cell_host::number::Number;
use tandem_cell_host::types::{Access, Type};

use crate::arguments::{array_kind, range};

/// How one parameter is read.
#[derive(Clone, Copy)]
pub enum Step {
    F64,
    F32,
    Whole {
        low: f64,
        high: f64,
    },
    Bool,
    Slice {
        kind: i32,
        width: u32,
        mutable: bool,
    },
    Text,
    /// `receiver`: it comes as its handle.
    Instance {
        class: &'static Class,
        access: Access,
        receiver: bool,
    },
}

/// How the result is written.
#[derive(Clone, Copy)]
pub enum Back {
    Nothing,
    Bool,
    F64,
    F32,
    I32,
    U32,
    I64,
    U64,
    /// A 64-bit integer as a number, where it is a safe one.
    SafeSigned,
    SafeUnsigned,
    /// To be freed afterwards.
    Text,
}

/// The steps of a function.
pub struct Plan {
    pub steps: Box<[Step]>,
    pub back: Back,
    /// Two arrays or more, one of them written: they may overlap.
    pub may_overlap: bool,
}

impl Plan {
    pub fn lends(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Slice { .. }))
    }
}

/// The plan of a function; none where a parameter or the result needs more than a step.
pub fn plan(signature: &Function, types: &Types, on_instance: bool, big_as_number: bool) -> Option<Plan> {
    let steps: Option<Box<[Step]>> = signature
        .parameters
        .iter()
        .enumerate()
        .map(|(index, parameter)| step(&parameter.ty, types, on_instance && index == 0))
        .collect();
    let steps = steps?;
    let slices = steps.iter().filter(|step| matches!(step, Step::Slice { .. }));
    let written = steps
        .iter()
        .any(|step| matches!(step, Step::Slice { mutable: true, .. }));
    Some(Plan {
        may_overlap: written && slices.count() > 1,
        back: back(&signature.returns, big_as_number)?,
        steps,
    })
}

fn step(ty: &Type, types: &Types, receiver: bool) -> Option<Step> {
    Some(match ty {
        Type::Bool => Step::Bool,
        Type::Str => Step::Text,
        Type::Slice { element, mutable } => Step::Slice {
            kind: array_kind(*element),
            width: element.array_width()? as u32,
            mutable: *mutable,
        },
        Type::Instance { path, access, .. } if *access != Access::Owned => Step::Instance {
            class: types.classes.get(path)?,
            access: *access,
            receiver,
        },
        Type::Number { name } => match name {
            Number::F64 => Step::F64,
            Number::F32 => Step::F32,
            // Two words each: more than one step.
            Number::I128 | Number::U128 => return None,
            _ => {
                let (low, high) = range(*name)?;
                Step::Whole { low, high }
            }
        },
        _ => return None,
    })
}

fn back(ty: &Type, big_as_number: bool) -> Option<Back> {
    Some(match ty {
        Type::Unit => Back::Nothing,
        Type::Bool => Back::Bool,
        Type::String | Type::Str => Back::Text,
        Type::Number { name } => match name {
            Number::F64 => Back::F64,
            Number::F32 => Back::F32,
            Number::I8 | Number::I16 | Number::I32 => Back::I32,
            Number::U8 | Number::U16 | Number::U32 => Back::U32,
            Number::I64 if !big_as_number => Back::I64,
            Number::U64 if !big_as_number => Back::U64,
            Number::I64 | Number::Isize => Back::SafeSigned,
            Number::U64 | Number::Usize => Back::SafeUnsigned,
            Number::I128 | Number::U128 => return None,
        },
        _ => return None,
    })
}
