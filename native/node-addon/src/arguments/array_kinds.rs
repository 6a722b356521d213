//! Which typed array holds which numbers.

use napi::sys;
use tandem_cell_host::number::Number;

/// The typed array whose elements are of this type.
pub fn array_name(element: Number) -> &'static str {
    match element {
        Number::I8 => "Int8Array",
        Number::U8 => "Uint8Array",
        Number::I16 => "Int16Array",
        Number::U16 => "Uint16Array",
        Number::I32 => "Int32Array",
        Number::U32 => "Uint32Array",
        Number::F32 => "Float32Array",
        Number::F64 => "Float64Array",
        Number::I64 => "BigInt64Array",
        Number::U64 => "BigUint64Array",
        _ => "array",
    }
}

/// Node-API's kind of the typed array of this type.
pub fn array_kind(element: Number) -> sys::napi_typedarray_type {
    match element {
        Number::I8 => sys::TypedarrayType::int8_array,
        Number::U8 => sys::TypedarrayType::uint8_array,
        Number::I16 => sys::TypedarrayType::int16_array,
        Number::U16 => sys::TypedarrayType::uint16_array,
        Number::I32 => sys::TypedarrayType::int32_array,
        Number::U32 => sys::TypedarrayType::uint32_array,
        Number::F32 => sys::TypedarrayType::float32_array,
        Number::I64 => sys::TypedarrayType::bigint64_array,
        Number::U64 => sys::TypedarrayType::biguint64_array,
        _ => sys::TypedarrayType::float64_array,
    }
}

/// Whether a typed array of this kind holds such numbers.
pub fn holds(kind: sys::napi_typedarray_type, element: Number) -> bool {
    kind == array_kind(element) || (element == Number::U8 && kind == sys::TypedarrayType::uint8_clamped_array)
}
