/** Functions of `Math` that are methods of f64, with the same result for every argument up to the last digit. */
export const METHODS: Readonly<Record<string, string>> = {
  abs: "abs",
  acos: "acos",
  asin: "asin",
  atan: "atan",
  atan2: "atan2",
  cbrt: "cbrt",
  ceil: "ceil",
  cos: "cos",
  cosh: "cosh",
  exp: "exp",
  expm1: "exp_m1",
  floor: "floor",
  hypot: "hypot",
  log: "ln",
  log10: "log10",
  log1p: "ln_1p",
  log2: "log2",
  pow: "powf",
  sin: "sin",
  sinh: "sinh",
  sqrt: "sqrt",
  tan: "tan",
  tanh: "tanh",
  trunc: "trunc",
};

/** Those whose results IEEE 754 fixes: all other libraries of mathematics may differ in the last digit. */
export const EXACT = new Set(["abs", "ceil", "floor", "sqrt", "trunc"]);

export const TWO_ARGUMENTS = new Set(["atan2", "hypot", "pow"]);

/** Where Rust's own differs: `Math.max(NaN, 1)` is NaN, and `Math.round(-0.5)` is -0 and `Math.round(2.5)` 3. */
export const HELPERS: Readonly<Record<string, { readonly arguments: number; readonly rust: string }>> = {
  max: {
    arguments: 2,
    rust: "fn js_max(a: f64, b: f64) -> f64 {\n    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }\n}",
  },
  min: {
    arguments: 2,
    rust: "fn js_min(a: f64, b: f64) -> f64 {\n    if a.is_nan() || b.is_nan() { f64::NAN } else { a.min(b) }\n}",
  },
  round: {
    arguments: 1,
    rust: "fn js_round(x: f64) -> f64 {\n    let below = x.floor();\n    if x - below >= 0.5 { below + 1.0 } else { below }\n}",
  },
};

/** `ToInt32` of ECMAScript, which bit operators begin with. */
export const TO_INT32 =
  "/// As JavaScript's bit operators take a number: modulo 2³².\nfn to_int32(x: f64) -> i32 {\n    if x.is_finite() { (x.trunc() % 4294967296.0) as i64 as i32 } else { 0 }\n}";

export const CONSTANTS: Readonly<Record<string, string>> = {
  PI: "std::f64::consts::PI",
  E: "std::f64::consts::E",
  LN2: "std::f64::consts::LN_2",
  LN10: "std::f64::consts::LN_10",
  LOG2E: "std::f64::consts::LOG2_E",
  LOG10E: "std::f64::consts::LOG10_E",
  SQRT2: "std::f64::consts::SQRT_2",
  SQRT1_2: "std::f64::consts::FRAC_1_SQRT_2",
};
