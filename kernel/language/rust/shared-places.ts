import type { Range } from "vscode-languageserver";
import { notebookName } from "../../rust/names.ts";
import type { EditedCell } from "../cell-language.ts";
import { namesInOption } from "../option-names.ts";
import { type ExportPlace, exportPlaces } from "./outline.ts";
import { isRust, namespaceOf } from "./rust-cells.ts";

/** Where a cell writes a name that TypeScript and Python have of it. */
export type SharedPlace = Omit<ExportPlace, "whole" | "kind"> & {
  readonly kind: ExportPlace["kind"] | "namespace";
};

/** The names that a `%%rust` cell gives to other languages, `--as` included; none in other cells. */
export function sharedPlaces(cell: Pick<EditedCell, "text">): SharedPlace[] {
  if (!isRust(cell)) return [];
  const namespace = namespaceOf(cell);
  const places = exportPlaces(cell);
  if (namespace === undefined) return places;
  const [range] = namesInOption(cell.text, "as", namespace);
  return [
    ...(range ? [{ path: [namespace], kind: "namespace" as const, range }] : []),
    ...places.map((one) => ({ ...one, path: [namespace, ...one.path] })),
  ];
}

/** The place of a name, by its path as TypeScript has it. */
export function placeOfShared(
  cell: Pick<EditedCell, "text">,
  path: readonly string[],
): SharedPlace | undefined {
  // Fields of plain structs have no underscore behind words that TypeScript reserves.
  const key = path.map(notebookName).join();
  return sharedPlaces(cell).find((one) => one.path.map(notebookName).join() === key);
}

/** What stands at a place of the cell, or ends there, if other languages have it. */
export function sharedPlaceAt(
  cell: Pick<EditedCell, "text">,
  { line, character }: Range["start"],
): SharedPlace | undefined {
  return sharedPlaces(cell).find(
    ({ range: { start, end } }) =>
      start.line === line && start.character <= character && character <= end.character,
  );
}

const KEYWORDS = new Set(
  (
    "abstract as async await become box break const continue do dyn else enum extern false final fn for gen if impl in let loop macro " +
    "match mod move mut override priv pub ref return static struct trait true try type typeof unsafe unsized use virtual where while yield"
  ).split(" "),
);

/** A name as Rust writes it: with `r#` where it is one of its words. Undefined for what Rust cannot have. */
export function rustName(name: string): string | undefined {
  const plain = name.replace(/^r#/, "");
  if (!/^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(plain)) return undefined;
  if (["_", "self", "Self", "super", "crate"].includes(plain)) return undefined;
  return KEYWORDS.has(plain) ? `r#${plain}` : plain;
}
