import { textOf } from "../../wire/fields.ts";
import { valueAt } from "../json-text.ts";
import { object } from "../notebook.ts";
import type { PercentCell } from "./format.ts";

type Attributes = Pick<PercentCell, "type" | "id" | "metadata" | "attachments">;

const NAME = /^[\w.-]+$/;
/** Names that stand for something else than metadata. */
const OURS = ["id", "attachments", "metadata", "__proto__"];

/** A cell's kind and attributes as they stand behind its marker: `[markdown] id="a" tags=["x"]`. */
export function writeAttributes({ type, id, metadata, attachments }: Attributes): string {
  const names = Object.keys(metadata);
  const plain = names.every((name) => NAME.test(name) && !OURS.includes(name));
  const pairs: [string, unknown][] = [
    ...(id === undefined ? [] : [["id", id] as [string, unknown]]),
    ...(plain ? Object.entries(metadata) : [["metadata", metadata] as [string, unknown]]),
    ...(attachments === undefined ? [] : [["attachments", attachments] as [string, unknown]]),
  ];
  const kind = type === "code" ? [] : [`[${type}]`];
  return [...kind, ...pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`)].join(" ");
}

/** Reads them; what else stands there is a title, as in jupytext, and is kept as `title` in the metadata. */
export function readAttributes(text: string): Attributes {
  let metadata: Record<string, unknown> = {};
  let type = "code";
  let id: string | undefined;
  let attachments: Attributes["attachments"];
  const title: string[] = [];
  for (let rest = text.trim(); rest !== ""; rest = rest.trimStart()) {
    const [word = "", kind, name] = /^(?:\[([\w-]+)\](?=\s|$)|([\w.-]+)=|\S+)/.exec(rest) ?? [];
    rest = rest.slice(word.length);
    if (kind !== undefined) {
      type = kind === "md" ? "markdown" : kind;
      continue;
    }
    const value = name === undefined ? undefined : readValue(rest);
    if (name === undefined || !value) {
      title.push(word);
      continue;
    }
    rest = rest.slice(value.length);
    if (name === "id") id = textOf(value.value);
    else if (name === "attachments") attachments = object(value.value);
    else if (name === "metadata") metadata = { ...metadata, ...object(value.value) };
    else metadata = { ...metadata, [name]: value.value };
  }
  if (title.length > 0) metadata.title = title.join(" ");
  return { type, id, metadata, attachments };
}

/** The JSON value that a text starts with. */
function readValue(text: string): { value: unknown; length: number } | undefined {
  try {
    const end = Math.min(valueAt(text, 0).end, literalEnd(text));
    return { value: JSON.parse(text.slice(0, end)), length: end };
  } catch {
    return undefined;
  }
}

/** A number or a word ends at a space; texts, lists and objects end where they end. */
function literalEnd(text: string): number {
  return /^["[{]/.test(text) ? text.length : text.search(/\s|$/);
}
