//! The functions of the benchmark as a napi-rs addon written by hand.

use napi::bindgen_prelude::{BigInt, Float64Array};
use napi_derive::napi;

#[napi]
pub fn empty() {}

#[napi]
pub fn fib(n: u32) -> BigInt {
    let (mut a, mut b) = (0u64, 1u64);
    for _ in 0..n {
        (a, b) = (b, a + b);
    }
    BigInt::from(a)
}

#[napi]
pub fn sum(values: Float64Array) -> f64 {
    values.iter().sum()
}
