import type { CellOutcome } from "../cells/cell.ts";
import type { CellMagic, MagicCell, TypeView } from "../cells/magic.ts";
import { declaredOut, optionText } from "../cells/option-values.ts";
import type { Session } from "../cells/session.ts";
import { fail } from "../errors.ts";
import { transformCell } from "../typescript/transform.ts";
import type { Stop } from "./engine.ts";

/** `%%timeline`: what ran when in a cell, on every side. */
export const timelineMagic: CellMagic = {
  name: "timeline",
  summary:
    "Run the cell and show what ran when: TypeScript, workers, Rust and Python, a lane each on one clock",
  rest: "[name of the file]",
  options: [],
  example: `%%timeline
await span("rust", () => count.async(data))
await span("python", () => py.count(1000))`,
  details:
    'Shown is what the code marks: `span("name", f)` and `using s = span("name")` in TypeScript and in workers, ' +
    '`let _span = tandem::span!("name");` and `tandem::spanned("name", future)` in Rust, `with tandem.span("name"):` in Python (`import tandem`). ' +
    "Besides the cell itself, the times in which TypeScript's event loop was blocked, what workers of `pmap` were at, and each call of a Rust function and of `py`. " +
    "The trace is saved beside the notebook as `name.trace.json` (`timeline-N.trace.json` for cell N), for ui.perfetto.dev. " +
    "`--out name` declares what was found, with its type `TimelineResult`. See [timelines](timelines.md).",

  // The number is that of the run.
  check: ({ rest }) => void fileName({ rest, number: 1 }),

  async run(cell: MagicCell, session: Session): Promise<CellOutcome> {
    const out = optionText(cell.options, "out");
    const stop: Stop = { name: fileName(cell), show: false, ...(out !== undefined && { out }) };
    let show = false;
    const code = transformCell(`\n${cell.body}`, { file: cell.file, folder: session.folder });
    await session.engine.call(cell, "timeline.start", {});
    try {
      const outcome = await session.engine.evaluate(cell, code);
      show = true;
      return outcome;
    } finally {
      await session.engine.call(cell, "timeline.stop", { ...stop, show });
    }
  },

  holdsTypeScript: true,
  async typeView(cell: MagicCell): Promise<TypeView> {
    return { text: `\n${cell.body}\n${declaredOut(cell.options, "TimelineResult")}` };
  },
};

function fileName({ rest, number }: Pick<MagicCell, "rest" | "number">): string {
  const name = rest.trim();
  if (name === "") return `timeline-${number}`;
  // What looks like an option stands in the wrong place.
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u.test(name) || name.includes(" -"))
    throw fail("timelineName", name);
  return name;
}
