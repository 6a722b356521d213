import type { CellOutput } from "../cells/cell.ts";
import { drawProgress, type Reached } from "../display/progress/draw.ts";
import type { MimeBundle } from "../wire/message.ts";

/** The state of a bar, as the crate `tandem` writes it (native/prelude/src/progress.rs). */
interface Bar {
  id: number;
  label: string;
  done: number;
  total: number | null;
  ms: number;
  state: Reached["state"];
}

/** Shows what Rust code of one engine writes in evcxr's frame: `tandem::display_html`, progress bars, plotters. */
export class RustContent {
  readonly #engine: string;
  readonly #bars = new Set<number>();

  /** `engine` tells one engine's bars from another's. */
  constructor(engine: string) {
    this.#engine = engine;
  }

  show(mime: string, content: string, output: CellOutput): void {
    if (mime === "application/vnd.tandem.progress+json") this.#bar(content, output);
    else output.display(bundleOf(mime, content));
  }

  #bar(content: string, output: CellOutput): void {
    // The crate's own; whoever forges it sees his text.
    const bar = parsed(content) as Bar | undefined;
    if (typeof bar?.id !== "number" || typeof bar.done !== "number") {
      output.stream("stdout", `${content}\n`);
      return;
    }
    const { id, label, done, total, ms, state } = bar;
    const rate = ms > 0 ? (done / ms) * 1000 : 0;
    const drawn = drawProgress({ label: String(label), done, total: total ?? undefined, ms, rate, state });
    const display = `tandem-rust-${this.#engine}-${id}`;
    if (this.#bars.has(id)) output.updateDisplay(display, drawn);
    else output.display(drawn, undefined, display);
    this.#bars.add(id);
    if (state !== "running") this.#bars.delete(id);
  }
}

function bundleOf(mime: string, content: string): MimeBundle {
  if (/^application\/(?:.+\+)?json$/.test(mime)) return { [mime]: parsed(content) ?? content };
  return { [mime]: /^image\/(?!svg)/.test(mime) ? content.replace(/\s+/g, "") : content };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
