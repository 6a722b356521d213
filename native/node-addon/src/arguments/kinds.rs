//! What a JavaScript value is.

use napi::sys;

use crate::arguments::Reader;

impl Reader<'_> {
    pub(super) fn is_nothing(&self, value: sys::napi_value) -> bool {
        matches!(
            self.value_type(value),
            sys::ValueType::napi_null | sys::ValueType::napi_undefined
        )
    }

    pub(super) fn value_type(&self, value: sys::napi_value) -> sys::napi_valuetype {
        let mut kind = sys::ValueType::napi_undefined;
        if !value.is_null() {
            // SAFETY: as above.
            unsafe { sys::napi_typeof(self.env, value, &mut kind) };
        }
        kind
    }

    /// What a value is, for messages.
    pub(super) fn kind(&self, value: sys::napi_value) -> &'static str {
        match self.value_type(value) {
            sys::ValueType::napi_undefined => "undefined",
            sys::ValueType::napi_null => "null",
            sys::ValueType::napi_boolean => "a boolean",
            sys::ValueType::napi_number => "a number",
            sys::ValueType::napi_string => "a string",
            sys::ValueType::napi_bigint => "a bigint",
            sys::ValueType::napi_function => "a function",
            _ if self.is_typed_array(value) => "another kind of typed array",
            _ => "an object",
        }
    }
}
