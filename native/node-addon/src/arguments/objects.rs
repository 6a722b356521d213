//! Objects as structs and enums, Maps and Sets as collections.

use napi::sys;
use tandem_cell_host::abi::Slot;
use tandem_cell_host::exports::{Definition, Field, Shape, Variant, VariantFields};
use tandem_cell_host::types::Type;

use crate::arguments::Reader;
use crate::failure::Failure;
use crate::js;

type Read = Result<Slot, Failure>;
type At<'a> = &'a dyn Fn() -> String;

/// Deeper values are taken to hold themselves.
const DEEPEST: usize = 500;

impl Reader<'_> {
    /// A struct or an enum of the cells.
    pub(super) fn data(&mut self, value: sys::napi_value, path: &str, at: At) -> Read {
        let types = self.types;
        let Some(definition) = types.definitions.get(path) else {
            return Err(Failure::Type(format!(
                "{}: the type {path} is not known here.",
                at()
            )));
        };
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Failure::Range(format!(
                "{} is nested deeper than {DEEPEST} levels, or holds itself.",
                definition.name
            )));
        }
        let slot = match &definition.shape {
            Shape::Struct { fields } => {
                self.expect_object(value, definition, at)?;
                let slots = self.fields(value, fields, Vec::new(), at)?;
                Ok(self.keep_slots(slots))
            }
            Shape::Tuple { elements } => match elements.as_slice() {
                [one] => self.value(value, one, at),
                all => self.tuple(value, all, at),
            },
            Shape::Enum { variants } => self.variant(value, definition, variants, at),
            Shape::Class { .. } | Shape::Lazy { .. } => Err(Failure::Type(format!("{} is a class.", at()))),
        };
        self.depth -= 1;
        slot
    }

    fn expect_object(&self, value: sys::napi_value, definition: &Definition, at: At) -> Result<(), Failure> {
        if self.value_type(value) == sys::ValueType::napi_object {
            return Ok(());
        }
        Err(Failure::Type(format!(
            "{}: an object is expected for {}, and it is {}.",
            at(),
            definition.name,
            self.kind(value)
        )))
    }

    fn fields(
        &mut self,
        value: sys::napi_value,
        fields: &[Field],
        mut slots: Vec<Slot>,
        at: At,
    ) -> Result<Vec<Slot>, Failure> {
        for field in fields {
            let at = || format!("{}.{}", at(), field.name);
            let inner = js::field(self.env, value, &field.name)?;
            if self.value_type(inner) == sys::ValueType::napi_undefined
                && !matches!(field.ty, Type::Option { .. } | Type::Unit)
            {
                return Err(Failure::Type(format!(
                    "{} is missing; it is a {}.",
                    at(),
                    field.ty.shown()
                )));
            }
            slots.push(self.value(inner, &field.ty, &at)?);
        }
        Ok(slots)
    }

    /// `{ kind: "Circle", radius: 1 }`; the name alone for a variant that holds nothing.
    fn variant(
        &mut self,
        value: sys::napi_value,
        definition: &Definition,
        variants: &[Variant],
        at: At,
    ) -> Read {
        let is_text = self.value_type(value) == sys::ValueType::napi_string;
        if !is_text {
            self.expect_object(value, definition, at)?;
        }
        let name = if is_text {
            value
        } else {
            js::field(self.env, value, "kind")?
        };
        let name = self.text(name, &|| format!("{}.kind", at()))?;
        // SAFETY: `text` wrote this many bytes of UTF-8, kept by the arena.
        let name = unsafe { std::slice::from_raw_parts(name.a as *const u8, name.b as usize) };
        let found = variants
            .iter()
            .enumerate()
            .find(|(_, one)| one.name.as_bytes() == name);
        let Some((tag, variant)) = found else {
            let all: Vec<_> = variants.iter().map(|one| one.name.as_str()).collect();
            return Err(Failure::Type(format!(
                "{}: {} has no variant {:?}; it has {}.",
                at(),
                definition.name,
                String::from_utf8_lossy(name),
                all.join(", ")
            )));
        };
        let mut slots = vec![Slot { a: tag as u64, b: 0 }];
        let holds = !matches!(variant.fields, VariantFields::Unit);
        if is_text && holds {
            return Err(Failure::Type(format!(
                "{}: the variant {} holds values: pass an object with `kind` and its fields.",
                at(),
                variant.name
            )));
        }
        match &variant.fields {
            VariantFields::Unit => {}
            VariantFields::Named { fields } => slots = self.fields(value, fields, slots, at)?,
            VariantFields::Tuple { elements } => {
                let name = if elements.len() == 1 { "value" } else { "values" };
                let at = || format!("{}.{name}", at());
                let inner = js::field(self.env, value, name)?;
                if let [one] = elements.as_slice() {
                    slots.push(self.value(inner, one, &at)?);
                } else {
                    self.expect_length(inner, elements.len(), &at)?;
                    for (position, ty) in elements.iter().enumerate() {
                        let at = || format!("{}[{position}]", at());
                        slots.push(self.value(self.element(inner, position)?, ty, &at)?);
                    }
                }
            }
        }
        Ok(self.keep_slots(slots))
    }

    /// A Map; where the keys are texts, an object's own entries too.
    pub(super) fn map(&mut self, value: sys::napi_value, key: &Type, inner: &Type, at: At) -> Read {
        let entries = if self.is_object(value) && js::is_instance_of(self.env, value, c"Map")? {
            js::call_global(self.env, c"Array", c"from", &[value])?
        } else if self.is_object(value) && matches!(key, Type::String) {
            js::call_global(self.env, c"Object", c"entries", &[value])?
        } else {
            return Err(Failure::Type(format!(
                "{}: a Map is expected, and it is {}.",
                at(),
                self.kind(value)
            )));
        };
        let pair = [key.clone(), inner.clone()];
        self.items(
            entries,
            &mut |reader, entry, at| reader.tuple(entry, &pair, at),
            at,
        )
    }

    /// A Set, or an array.
    pub(super) fn set(&mut self, value: sys::napi_value, element: &Type, at: At) -> Read {
        let set = self.is_object(value) && js::is_instance_of(self.env, value, c"Set")?;
        let list = if set {
            js::call_global(self.env, c"Array", c"from", &[value])?
        } else {
            value
        };
        self.items(list, &mut |reader, item, at| reader.value(item, element, at), at)
    }

    fn items(
        &mut self,
        list: sys::napi_value,
        read: &mut dyn FnMut(&mut Self, sys::napi_value, At) -> Read,
        at: At,
    ) -> Read {
        let length = self.array_length(list, at)?;
        let mut slots = Vec::with_capacity(length);
        for position in 0..length {
            let at = || format!("{}[{position}]", at());
            let item = self.element(list, position)?;
            slots.push(read(self, item, &at)?);
        }
        Ok(self.keep_slots(slots))
    }

    fn is_object(&self, value: sys::napi_value) -> bool {
        self.value_type(value) == sys::ValueType::napi_object
    }
}
