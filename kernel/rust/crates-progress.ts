import { randomUUID } from "node:crypto";
import type { CellOutput } from "../cells/cell.ts";
import type { BuildStep } from "./crates.ts";

/** How often the bar is drawn at most, in ms. */
const PAUSE = 150;
const WIDTH = 30;

/** Shows how far a build of crates is, in one line that is updated in place; nothing where there is nothing to build. */
export function showBuild(output: CellOutput): { step(step: BuildStep): void; end(ok: boolean): void } {
  const id = randomUUID();
  const started = performance.now();
  let drawn = Number.NEGATIVE_INFINITY;
  let last: BuildStep | undefined;
  const draw = (text: string) => {
    const data = { "text/plain": text };
    if (drawn === Number.NEGATIVE_INFINITY) output.display(data, {}, id);
    else output.updateDisplay(id, data);
    drawn = performance.now();
  };
  return {
    step(step) {
      // What is fetched first has no number: it keeps the bar where it is.
      last = step.of > 0 || !last ? step : { ...last, now: step.now };
      if (performance.now() - drawn >= PAUSE) draw(lineOf(last));
    },
    end(ok) {
      if (!last) return;
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      draw(ok ? `Crates built in ${seconds} s.` : `Crates not built, after ${seconds} s.`);
    },
  };
}

/** `Building crates ━━━━──── 12/34 tokio, serde` */
function lineOf({ done, of, now }: BuildStep): string {
  const full = of > 0 ? Math.round((done / of) * WIDTH) : 0;
  const bar = "━".repeat(full) + "─".repeat(WIDTH - full);
  return `Building crates ${bar} ${of > 0 ? `${done}/${of} ` : ""}${now}`.trimEnd().slice(0, 100);
}
