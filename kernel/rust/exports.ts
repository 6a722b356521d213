/** A type in a signature, as the cell host writes it (native/cell-host/src/types.rs). */
export type RustType =
  | { kind: "unit" | "bool" | "char" | "string" | "str" }
  | { kind: "number"; name: RustNumber }
  | { kind: "slice"; element: RustNumber; mutable: boolean }
  | { kind: "vec"; element: RustType }
  | { kind: "option"; inner: RustType }
  | { kind: "tuple"; elements: RustType[] };

export type RustNumber =
  | "i8"
  | "i16"
  | "i32"
  | "i64"
  | "i128"
  | "isize"
  | "u8"
  | "u16"
  | "u32"
  | "u64"
  | "u128"
  | "usize"
  | "f32"
  | "f64";

/** A `pub fn` of a cell. */
export interface RustFunction {
  readonly name: string;
  readonly doc: string;
  readonly parameters: readonly { readonly name: string; readonly type: RustType }[];
  readonly returns: RustType;
  /** It returns a Result, whose Ok is `returns`. */
  readonly fallible: boolean;
  /** 1-based line in the cell. */
  readonly line: number;
}

/** Something public that has no counterpart, at its place (1-based). */
export interface RustProblem {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly found: string;
  readonly message: string;
  readonly instead: string;
}

export interface RustExports {
  readonly functions: readonly RustFunction[];
  readonly problems: readonly RustProblem[];
  /** The text is not Rust: the compiler says where. */
  readonly broken: boolean;
}
