import { chartBundle } from "../display/chart/bundle.ts";
import { significant } from "../display/chart/format.ts";
import type { SpecOf } from "../display/chart/spec.ts";
import { type Unit, unitOf } from "../display/chart/units.ts";
import type { MimeBundle } from "../wire/message.ts";
import type { Call, Calls, Hot } from "./calls.ts";
import type { Kind } from "./place.ts";
import { RATE } from "./python-stacks.ts";
import { limitWithout, movable, type ProfileResult } from "./result.ts";

/** How kinds of code are called in a chart. */
const KINDS: Readonly<Record<Kind, string>> = {
  cells: "cells",
  modules: "your modules",
  packages: "packages",
  Node: "Node",
  JavaScript: "JavaScript's own",
  Rust: "Rust",
  Python: "Python",
  native: "native code",
  collector: "garbage collector",
};

/** So many functions are listed. */
const LISTED = 12;
/** A frame that took less of all is left out of the chart: nobody could see it. */
const LEAST_SHARE = 0.001;

/** The functions that took most, with the verdict as their title. `unseen`: why Python's functions were not seen. */
export function hotBundle(result: ProfileResult, unseen?: string): MimeBundle {
  const { of, total, functions } = result;
  const unit = unitOf(of === "time" ? "s" : "B");
  const shown = functions.filter(({ self }) => self > 0).slice(0, LISTED);
  const [hot] = movable(result);
  const left = functions.filter(({ self }) => self > 0).length - shown.length;
  return chartBundle({
    type: "bars",
    title: verdict(result),
    notes: notes(result, unseen),
    value: {
      label:
        of === "time"
          ? "Time in the function itself, without the others that it calls"
          : "Allocated by the function itself, without the others that it calls",
      unit: of === "time" ? "s" : "B",
    },
    rows: rowsOf(shown, total, unit),
    footer: [
      ...(left > 0 ? [`${left} more functions took less.`] : []),
      ...(hot === undefined ? [] : [`%torust ${hot} writes it as a Rust cell.`]),
      `V8's profile: ${result.file}`,
    ],
  });
}

/** One sentence: what is hottest, and what could be won there. */
export function verdict({ of, total, functions }: ProfileResult): string {
  const hot = functions.find(({ kind, self }) => self > 0 && kind !== "native" && kind !== "collector");
  const unit = unitOf(of === "time" ? "s" : "B");
  if (!hot || total <= 0) return "Nothing was sampled: the cell was over too soon.";
  const share = percent(hot.self, total);
  if (of === "allocations")
    return `${nameOf(hot)} allocated ${unit.text(hot.self)} of ${unit.text(total)}, ${share}.`;
  const limit = limitWithout(hot.self, total);
  const won =
    limit > 100
      ? "All there is to win is there."
      : `If it took no time, the cell would be ${significant(limit)} times as fast; no more can be won there.`;
  return `${nameOf(hot)} took ${share} of ${unit.text(total)}. ${won}`;
}

function notes({ of, total, waited, python, rust, rustElsewhere }: ProfileResult, unseen?: string): string[] {
  if (of === "allocations") return [];
  const { text } = unitOf("s");
  const told: string[] = [];
  if (waited > 0.02 * total) {
    const there = python > 0 ? `, ${text(Math.min(python, waited))} of it on Python` : "";
    told.push(`${percent(waited, total)} of the time it waited${there}.`);
  }
  if (rust > 0) told.push(`Rust took ${text(rust)}.`);
  if (rustElsewhere > 0)
    told.push(`Beside that Rust worked ${text(rustElsewhere)} on other threads (.async).`);
  if (unseen !== undefined && python > 0.02 * total) told.push(unseen);
  return told;
}

/** Python's functions that took most, as its sampler saw them. */
export function pythonBundle({ pythonFunctions, total }: ProfileResult): MimeBundle {
  const unit = unitOf("s");
  const worked = pythonFunctions.reduce((sum, { self }) => sum + self, 0);
  const shown = pythonFunctions.filter(({ self }) => self > 0).slice(0, LISTED);
  const [hot] = shown;
  return chartBundle({
    type: "bars",
    title: hot
      ? `Python: ${nameOf(hot)} took ${percent(hot.self, worked)} of the ${unit.text(worked)} in which Python worked.`
      : "",
    notes: [
      `Seen by py-spy on all threads of Python, ${RATE} times a second. The cell took ${unit.text(total)}.`,
    ],
    value: { label: "Time in the function itself, without the others that it calls", unit: "s" },
    rows: rowsOf(shown, worked, unit),
  });
}

/** Functions, each with its share of `whole`, in the unit's values. */
function rowsOf(functions: readonly Hot[], whole: number, unit: Unit): SpecOf<"bars">["rows"] {
  return functions.map((one) => {
    const share = percent(one.self, whole);
    const note = one.total > one.self * 1.01 ? `${share}; with its calls ${unit.text(one.total)}` : share;
    return { label: nameOf(one), value: one.self, note };
  });
}

const percent = (part: number, whole: number) => `${Math.round((100 * part) / whole)} %`;

const nameOf = ({ label, place }: Hot | Call) => (place === undefined ? label : `${label} (${place})`);

/** The calls as a flame chart. */
export function flameOf({ root }: Calls, of: ProfileResult["of"], title?: string): SpecOf<"flame"> {
  const frames: SpecOf<"flame">["frames"] = [];
  const lay = (calls: Iterable<Call>, from: number, depth: number): void => {
    let start = from;
    for (const one of [...calls].sort((a, b) => b.total - a.total)) {
      if (one.total < LEAST_SHARE * root.total) continue;
      const { label, place, kind, total } = one;
      const end = start + total;
      frames.push({ label, ...(place !== undefined && { place }), kind: KINDS[kind], start, end, depth });
      lay(one.calls.values(), start, depth + 1);
      start = end;
    }
  };
  lay(root.calls.values(), 0, 0);
  const time = of === "time";
  return {
    type: "flame",
    title: title ?? (time ? "Where the time went" : "Where memory was allocated"),
    value: { label: time ? "Time, without the waiting" : "Allocated", unit: time ? "s" : "B" },
    frames,
  };
}
