//! What one writes by hand, for one version of Python: each function twice, the second with the interpreter released.

use pyo3::prelude::*;

fn recursive(n: u32) -> u64 {
    if n < 2 { n as u64 } else { recursive(n - 1) + recursive(n - 2) }
}

#[pymodule]
mod pyo3_peer {
    use super::*;

    #[pyfunction]
    fn fib(n: u32) -> u64 {
        recursive(n)
    }

    #[pyfunction]
    fn fib_released(py: Python<'_>, n: u32) -> u64 {
        py.detach(|| recursive(n))
    }

    #[pyfunction]
    fn empty() {}

    #[pyfunction]
    fn empty_released(py: Python<'_>) {
        py.detach(|| ())
    }

    /// A list of numbers, taken and given back as ones of Rust.
    #[pyfunction]
    fn doubled(values: Vec<f64>) -> Vec<f64> {
        values.into_iter().map(|one| one * 2.0).collect()
    }
}
