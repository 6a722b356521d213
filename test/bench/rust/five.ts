/** Five functions as one writes them: maps, sorts, parsing. */
export const fiveFunctions = `
use std::collections::HashMap;

/// How often each word of a text occurs, the most frequent first.
pub fn words(text: &str) -> Vec<(String, u32)> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    for word in text.split_whitespace() {
        let word: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
        if !word.is_empty() {
            *counts.entry(word.to_lowercase()).or_default() += 1;
        }
    }
    let mut all: Vec<_> = counts.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    all
}

/// The median; NaN of nothing.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.total_cmp(b));
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0,
    }
}

/// The primes below a limit.
pub fn primes(limit: u32) -> Vec<u32> {
    let mut composite = vec![false; limit as usize];
    let mut found = Vec::new();
    for n in 2..limit as usize {
        if composite[n] {
            continue;
        }
        found.push(n as u32);
        for multiple in (n * n..limit as usize).step_by(n) {
            composite[multiple] = true;
        }
    }
    found
}

/// Numbers of a line of comma-separated values.
pub fn parse(line: &str) -> Result<Vec<f64>, String> {
    line.split(',')
        .map(|field| field.trim().parse::<f64>().map_err(|error| format!("{field}: {error}")))
        .collect()
}

/// Sums by key.
pub fn sums(keys: Vec<String>, values: &[f64]) -> HashMap<String, f64> {
    let mut totals = HashMap::new();
    for (key, value) in keys.into_iter().zip(values) {
        *totals.entry(key).or_insert(0.0) += value;
    }
    totals
}
`;
