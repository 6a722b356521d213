import { createHash } from "node:crypto";
import { structuredPatch } from "diff";
import { timingMime } from "../measure/result.ts";
import { textOf } from "../wire/fields.ts";
import { joined } from "./fields.ts";
import { object } from "./notebook.ts";
import { withoutVolatile } from "./volatile.ts";

/** Tags of a cell whose outputs are not compared, and of one in which dates do not count; nbval's word is known, too. */
const IGNORED = ["ignore-output", "nbval-ignore-output", "NBVAL_IGNORE_OUTPUT"];
const DATES = "ignore-dates";

/** A difference is told in no more lines than this. */
const MOST_LINES = 60;

/**
 * How a cell's outputs differ from the stored ones, as lines of a diff; undefined where they do not. Execution counts,
 * measured timings and what `withoutVolatile` names do not count; metadata and every MIME type else do.
 */
export function compareOutputs(
  stored: readonly unknown[],
  now: readonly unknown[],
  tags: readonly string[],
): string | undefined {
  if (tags.some((tag) => IGNORED.includes(tag))) return undefined;
  const dates = tags.includes(DATES);
  const [before, after] = [stored, now].map((outputs) => outputsText(outputs, dates));
  if (before === undefined || after === undefined || before === after) return undefined;
  const { hunks } = structuredPatch("stored", "now", before, after, "", "", { context: 2 });
  const lines = hunks.flatMap((hunk) => hunk.lines).filter((line) => !line.startsWith("\\"));
  const left = lines.length - MOST_LINES;
  const more = left > 0 ? [`… ${left} more lines`] : [];
  return ["--- stored", "+++ now", ...lines.slice(0, MOST_LINES), ...more].join("\n");
}

/** Outputs as text that is equal where they are. */
function outputsText(outputs: readonly unknown[], dates: boolean): string {
  const texts = joinStreams(outputs.map(object)).map((output) => {
    const { output_type: type, name, text, data, metadata, ename, evalue, traceback } = output;
    if (type === "stream") return section(textOf(name), joined(text));
    if (type === "error")
      return section("error", `${textOf(ename)}: ${textOf(evalue)}\n${joined(traceback, "\n")}`);
    const bundle = object(data);
    // What was measured is told in each of its forms.
    if (timingMime in bundle) return section(timingMime, "(a measurement)");
    const parts = Object.keys(bundle)
      .sort()
      .map((mime) => section(mime, valueText(mime, bundle[mime])));
    const more = Object.keys(object(metadata)).length > 0 ? [section("metadata", json(metadata))] : [];
    return [...parts, ...more].join("");
  });
  return withoutVolatile(texts.join(""), dates);
}

/** Text that came in more pieces one time than the other is the same text. */
function joinStreams(outputs: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  const result: Record<string, unknown>[] = [];
  for (const output of outputs) {
    const last = result.at(-1);
    const continues =
      output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name;
    if (continues) last.text = joined(last.text) + joined(output.text);
    else result.push({ ...output });
  }
  return result;
}

function valueText(mime: string, value: unknown): string {
  const text = typeof value === "string" || Array.isArray(value) ? joined(value) : json(value);
  // Pictures are base64: their bytes say nothing to a reader.
  if (!/^(?:image|audio|video)\/(?!svg)/.test(mime)) return text;
  const bytes = Buffer.from(text, "base64");
  return `${bytes.length} bytes, SHA-256 ${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}`;
}

const section = (name: string, text: string) => `${name}:\n${text.replace(/\n?$/, "\n")}`;

/** JSON whose keys stand in one order. */
const json = (value: unknown) =>
  JSON.stringify(
    value,
    (_key, item: unknown) =>
      typeof item === "object" && item !== null && !Array.isArray(item)
        ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
        : item,
    1,
  );
