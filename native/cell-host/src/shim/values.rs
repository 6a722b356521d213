//! How a cell's own types become slots and come back.

use std::fmt::{Result, Write};

use crate::exports::{Definition, Field, Implemented, Shape, Source, Variant, VariantFields};
use crate::shim::{drop_symbol, dyn_symbol, threads_symbol};
use crate::types::Type;

pub fn write(text: &mut String, index: usize, definition: &Definition) -> Result {
    let path = &definition.path;
    match &definition.shape {
        Shape::Struct { fields } => data(text, path, &[(path.clone(), named(fields))], false),
        Shape::Tuple { elements } => match elements.as_slice() {
            [one] => newtype(text, path, one),
            _ => data(text, path, &[(path.clone(), unnamed(elements))], false),
        },
        Shape::Enum { variants } => {
            let all: Vec<_> = variants
                .iter()
                .map(|variant| (format!("{path}::{}", raw(&variant.name)), parts(variant)))
                .collect();
            data(text, path, &all, true)
        }
        Shape::Class { copy, traits, .. } => class(text, index, path, *copy, traits),
        Shape::Lazy { item, send, source } => {
            lazy(text, path, &stored(item), *send, *source)?;
            class(text, index, path, false, &[])
        }
    }
}

/// A way to build and to take apart: the pattern with its names, and each name's type.
struct Parts {
    /// `{ x: f0, y: f1 }`, `(f0, f1)` or nothing.
    pattern: String,
    types: Vec<String>,
}

fn named(fields: &[Field]) -> Parts {
    let list: Vec<_> = fields
        .iter()
        .enumerate()
        .map(|(index, field)| format!("{}: f{index}", raw(&field.name)))
        .collect();
    Parts {
        pattern: format!("{{ {} }}", list.join(", ")),
        types: fields.iter().map(|field| stored(&field.ty)).collect(),
    }
}

fn unnamed(elements: &[Type]) -> Parts {
    let list: Vec<_> = (0..elements.len()).map(|index| format!("f{index}")).collect();
    Parts {
        pattern: format!("({})", list.join(", ")),
        types: elements.iter().map(stored).collect(),
    }
}

fn parts(variant: &Variant) -> Parts {
    match &variant.fields {
        VariantFields::Unit => Parts {
            pattern: String::new(),
            types: Vec::new(),
        },
        VariantFields::Tuple { elements } => unnamed(elements),
        VariantFields::Named { fields } => named(fields),
    }
}

/// A type as it stands in a field or a result: texts there are the program's own.
pub fn stored(ty: &Type) -> String {
    ty.rust().replace("&str", "&'static str")
}

/// Names that are words of Rust too.
fn raw(name: &str) -> String {
    match syn::parse_str::<syn::Ident>(name) {
        Ok(_) => name.to_string(),
        Err(_) => format!("r#{name}"),
    }
}

/// A struct, or an enum, whose first slot is the variant's number.
fn data(text: &mut String, path: &str, ways: &[(String, Parts)], tagged: bool) -> Result {
    let first = usize::from(tagged);
    let (mut read, mut give, mut free) = (String::new(), String::new(), String::new());
    for (tag, (way, Parts { pattern, types })) in ways.iter().enumerate() {
        let label = if tag + 1 == ways.len() {
            "_".to_string()
        } else {
            tag.to_string()
        };
        write!(read, "{label} => {{ ")?;
        write!(free, "{label} => {{ ")?;
        write!(give, "{way}{pattern} => abi::give(vec![")?;
        if tagged {
            write!(give, "Slot {{ a: {tag}, b: 0 }}, ")?;
        }
        for (index, ty) in types.iter().enumerate() {
            write!(
                read,
                "let f{index} = <{ty}>::from_slot(&all[{}]); ",
                index + first
            )?;
            write!(give, "<{ty} as IntoSlot>::into_slot(f{index}), ")?;
            write!(free, "<{ty} as IntoSlot>::free(all[{}]); ", index + first)?;
        }
        write!(read, "{way}{pattern} }} ")?;
        write!(give, "]), ")?;
        write!(free, "}} ")?;
    }
    let tag = if tagged { "all[0].a" } else { "0u64" };
    // A static text in a field cannot come from the notebook: such a type is given, never taken.
    let taken = !ways
        .iter()
        .any(|(_, parts)| parts.types.iter().any(|ty| ty.contains("&'static")));
    if taken {
        writeln!(
            text,
            "impl<'a> FromSlot<'a> for {path} {{ unsafe fn from_slot(slot: &'a Slot) -> Self {{ \
             let all = abi::slots(slot); match {tag} {{ {read} }} }} }}"
        )?;
    }
    writeln!(
        text,
        "impl IntoSlot for {path} {{ fn into_slot(self) -> Slot {{ match self {{ {give} }} }} \
         unsafe fn free(slot: Slot) {{ let all = abi::owned::<Slot>(slot); match {tag} {{ {free} }} }} }}"
    )
}

/// A struct with one unnamed field crosses as the field.
fn newtype(text: &mut String, path: &str, inner: &Type) -> Result {
    let ty = stored(inner);
    if !ty.contains("&'static") {
        writeln!(
            text,
            "impl<'a> FromSlot<'a> for {path} {{ unsafe fn from_slot(slot: &'a Slot) -> Self {{ {path}(<{ty}>::from_slot(slot)) }} }}"
        )?;
    }
    writeln!(
        text,
        "impl IntoSlot for {path} {{ fn into_slot(self) -> Slot {{ <{ty} as IntoSlot>::into_slot(self.0) }} \
         unsafe fn free(slot: Slot) {{ <{ty} as IntoSlot>::free(slot) }} }}"
    )
}

/// The type of a lazy result, and how the next piece is asked for.
fn lazy(text: &mut String, path: &str, item: &str, send: bool, source: Source) -> Result {
    let name = path.trim_start_matches("crate::");
    let send = if send { " + Send" } else { "" };
    match source {
        Source::Iterator => writeln!(
            text,
            "pub struct {name}(pub ::std::boxed::Box<dyn ::std::iter::Iterator<Item = {item}>{send}>);\n\
             impl {name} {{ pub fn next(&mut self) -> ::std::option::Option<({item},)> {{ self.0.next().map(|one| (one,)) }} \
             pub fn of(from: impl ::std::iter::Iterator<Item = {item}>{send} + 'static) -> Self {{ {name}(::std::boxed::Box::new(from)) }} }}"
        ),
        Source::Channel => writeln!(
            text,
            "pub struct {name}(pub ::std::sync::mpsc::Receiver<{item}>);\n\
             impl {name} {{ pub fn next(&mut self) -> ::std::option::Option<({item},)> {{ self.0.recv().ok().map(|one| (one,)) }} \
             pub fn now(&mut self) -> (bool, ::std::option::Option<({item},)>) {{ use ::std::sync::mpsc::TryRecvError; \
             match self.0.try_recv() {{ Ok(one) => (false, Some((one,))), Err(TryRecvError::Empty) => (false, None), \
             Err(TryRecvError::Disconnected) => (true, None) }} }} \
             pub fn of(from: ::std::sync::mpsc::Receiver<{item}>) -> Self {{ {name}(from) }} }}"
        ),
    }
}

/// Instances cross as addresses.
fn class(text: &mut String, index: usize, path: &str, copy: bool, traits: &[Implemented]) -> Result {
    let take = if copy {
        format!("*(slot.a as *const {path})")
    } else {
        format!("*Box::from_raw(slot.a as *mut {path})")
    };
    writeln!(
        text,
        "impl<'a> FromSlot<'a> for &'a {path} {{ unsafe fn from_slot(slot: &'a Slot) -> Self {{ &*(slot.a as *const {path}) }} }}\n\
         impl<'a> FromSlot<'a> for &'a mut {path} {{ unsafe fn from_slot(slot: &'a Slot) -> Self {{ &mut *(slot.a as *mut {path}) }} }}\n\
         impl<'a> FromSlot<'a> for {path} {{ unsafe fn from_slot(slot: &'a Slot) -> Self {{ {take} }} }}\n\
         impl IntoSlot for {path} {{ fn into_slot(self) -> Slot {{ Slot {{ a: Box::into_raw(Box::new(self)) as u64, b: 0 }} }} \
         unsafe fn free(slot: Slot) {{ if slot.a != 0 {{ drop(Box::from_raw(slot.a as *mut {path})) }} }} }}"
    )?;
    writeln!(
        text,
        "#[no_mangle]\npub unsafe extern \"C\" fn {}(slot: Slot, out: *mut Slot) -> i32 {{ \
         guard::<(), Never>(out, || {{ <{path} as IntoSlot>::free(slot); Ended::Value(()) }}) }}\n\
         #[no_mangle]\npub extern \"C\" fn {}() -> u32 {{ \
         struct Probe<T>(::std::marker::PhantomData<T>);\n\
         trait Without {{ const SEND: u32 = 0; const SYNC: u32 = 0; }} impl<T> Without for Probe<T> {{}}\n\
         impl<T: Send> Probe<T> {{ const SEND: u32 = 1; }} impl<T: Sync> Probe<T> {{ const SYNC: u32 = 2; }}\n\
         <Probe<{path}>>::SEND | <Probe<{path}>>::SYNC }}",
        drop_symbol(index),
        threads_symbol(index),
    )?;
    for (position, Implemented { path: one, .. }) in traits.iter().enumerate().filter(|(_, one)| one.dynamic)
    {
        writeln!(
            text,
            "#[no_mangle]\npub unsafe extern \"C\" fn {}(instance: u64) -> Slot {{ \
             abi::words::<dyn {one}>(&*(instance as *const {path})) }}",
            dyn_symbol(index, position),
        )?;
    }
    Ok(())
}
