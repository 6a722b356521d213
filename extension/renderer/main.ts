import type { ActivationFunction } from "vscode-notebook-renderer";
import { chartMime, readChart } from "../../kernel/display/chart/spec.ts";
import { readTiming } from "../../kernel/measure/result.ts";
import { showBench } from "./bench-view.ts";
import { html } from "./dom.ts";
import { showSpec } from "./spec-view.ts";

/** VS Code's notebook renderer for measured results and charts. */
export const activate: ActivationFunction = () => {
  const ends = new Map<string, () => void>();
  const dispose = (id: string) => {
    ends.get(id)?.();
    ends.delete(id);
  };
  return {
    renderOutputItem(item, element) {
      dispose(item.id);
      const shown = drawn(() => show(item.mime, parse(item.text()), element));
      if (typeof shown === "string") {
        element.replaceChildren(html("p", {}, `This output holds no result that can be drawn: ${shown}.`));
      } else {
        ends.set(item.id, shown);
      }
    },
    disposeOutputItem(id) {
      for (const one of id === undefined ? [...ends.keys()] : [id]) dispose(one);
    },
  };
};

/** What it gives, or why it failed: an output is never blank. */
function drawn<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Shows checked data and gives what ends it; of other data, why it cannot be shown. */
function show(mime: string, data: unknown, element: HTMLElement): (() => void) | string {
  if (mime === chartMime) {
    const read = readChart(data);
    return read.ok ? showSpec(read.spec, element) : read.why;
  }
  const read = readTiming(data);
  return read.ok ? showBench(read.result, element) : read.why;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
