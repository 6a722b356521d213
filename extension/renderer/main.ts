import type { ActivationFunction } from "vscode-notebook-renderer";
import { readTiming } from "../../kernel/measure/result.ts";
import { showBench } from "./bench-view.ts";
import { html } from "./dom.ts";

/** VS Code's notebook renderer for measured results. */
export const activate: ActivationFunction = () => {
  const ends = new Map<string, () => void>();
  const dispose = (id: string) => {
    ends.get(id)?.();
    ends.delete(id);
  };
  return {
    renderOutputItem(item, element) {
      dispose(item.id);
      const read = readTiming(parse(item.text()));
      if (read.ok) ends.set(item.id, showBench(read.result, element));
      else
        element.replaceChildren(html("p", {}, `This output holds no result that can be drawn: ${read.why}.`));
    },
    disposeOutputItem(id) {
      for (const one of id === undefined ? [...ends.keys()] : [id]) dispose(one);
    },
  };
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
