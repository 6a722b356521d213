/** A cell's items as the cell host writes them (native/cell-host/src/outline.rs). */
export interface RustOutline {
  readonly items: readonly OutlineItem[];
  /** Where the text is no Rust; there are no items then. */
  readonly error: { readonly place: OutlinePlace; readonly message: string } | null;
}

export interface OutlineItem {
  readonly kind:
    | "function"
    | "method"
    | "struct"
    | "field"
    | "enum"
    | "variant"
    | "trait"
    | "impl"
    | "type"
    | "constant"
    | "static"
    | "module"
    | "macro";
  readonly name: string;
  /** What follows the name: a signature, a type. */
  readonly detail: string;
  readonly public: boolean;
  /** With attributes and doc comments. */
  readonly place: OutlinePlace;
  readonly namePlace: OutlinePlace;
  readonly children: readonly OutlineItem[];
}

/** 1-based; columns in characters, the end behind the last. */
export interface OutlinePlace {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}
