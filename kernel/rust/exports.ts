/** What a cell exports, as the cell host writes it (native/cell-host/src/exports.rs and types.rs). */
export interface RustExports {
  readonly functions: readonly RustFunction[];
  /** The cell's own types first, then those of earlier cells that its functions use. */
  readonly types: readonly RustDefinition[];
  readonly traits: readonly RustTrait[];
  readonly problems: readonly RustProblem[];
  /** The pub names of its top level: what later cells can use. */
  readonly offers: readonly string[];
  /** Every identifier in the text, sorted. */
  readonly used: readonly string[];
  /** The text is not Rust: the compiler says where. */
  readonly broken: boolean;
}

/** How a function takes an instance: `&T`, `&mut T` or `T`. */
export type RustAccess = "shared" | "mutable" | "owned";

export type RustType =
  | { kind: "unit" | "bool" | "char" | "string" | "str" }
  | { kind: "number"; name: RustNumber }
  | { kind: "slice"; element: RustNumber; mutable: boolean }
  | { kind: "vec"; element: RustType }
  | { kind: "array"; element: RustType; length: number }
  | { kind: "option"; inner: RustType }
  | { kind: "tuple"; elements: RustType[] }
  | { kind: "map"; key: RustType; value: RustType; sorted: boolean }
  | { kind: "set"; element: RustType; sorted: boolean }
  | { kind: "boxed" | "ref"; inner: RustType }
  | { kind: "data"; name: string; path: string }
  | { kind: "instance"; name: string; path: string; access: RustAccess }
  | { kind: "dyn"; name: string; path: string; access: RustAccess }
  | { kind: "impl"; name: string; path: string; access: RustAccess; implementors: string[] }
  | { kind: "callback"; parameters: RustType[]; returns: RustType; fallible: boolean; threads: boolean };

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

export type RustRole = "function" | "method" | "static" | "getter" | "setter" | "constant";

/** Something of a cell that can be called: a function, a method, a constant. */
export interface RustFunction {
  readonly name: string;
  /** The modules of the cell around it, outermost first. */
  readonly module: readonly string[];
  readonly role: RustRole;
  /** The type that a member belongs to, by `RustDefinition.name`. */
  readonly owner: string | null;
  readonly callee: string;
  readonly doc: string;
  /** The receiver of a method is the first. */
  readonly parameters: readonly { readonly name: string; readonly type: RustType }[];
  readonly returns: RustType;
  /** What `Err` of a `Result` holds; `returns` is its `Ok`. */
  readonly error: { kind: "text" } | { kind: "data"; value: RustType } | null;
  /** An `async fn`: its call is a promise. */
  readonly async: boolean;
  /** 1-based line in the cell. */
  readonly line: number;
}

/** A `pub struct` or `pub enum`. */
export interface RustDefinition {
  /** Its name, with its modules before it: `orders::Order`. */
  readonly name: string;
  /** `crate::cell::orders::Order`; in later cells with the cell's own name in place of `crate`. */
  readonly path: string;
  readonly doc: string;
  readonly line: number;
  readonly clone: boolean;
  readonly shape:
    | { kind: "struct"; fields: RustField[] }
    | { kind: "tuple"; elements: RustType[] }
    | { kind: "enum"; variants: RustVariant[] }
    | {
        kind: "class";
        copy: boolean;
        traits: { path: string; dynamic: boolean }[];
        display: boolean;
        iterator: boolean;
      }
    | { kind: "lazy"; item: RustType; source: "iterator" | "channel" };
}

export interface RustField {
  readonly name: string;
  readonly type: RustType;
  readonly doc: string;
}

export interface RustVariant {
  readonly name: string;
  readonly doc: string;
  readonly fields:
    | { kind: "unit" }
    | { kind: "tuple"; elements: RustType[] }
    | { kind: "named"; fields: RustField[] };
}

/** A `pub trait`; its text tells later cells its methods. */
export interface RustTrait {
  readonly name: string;
  readonly path: string;
  readonly dynamic: boolean;
  readonly source: string;
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

/** Whether a type is declared in the cell itself. */
export const isOwn = ({ path }: { readonly path: string }): boolean => path.startsWith("crate::");
