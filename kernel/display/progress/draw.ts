import type { MimeBundle } from "../../wire/message.ts";
import { escaped } from "../value/grid.ts";
import { count, duration } from "../words.ts";

/** How far a loop is. */
export interface Reached {
  readonly label: string;
  /** Items done. */
  readonly done: number;
  /** How many there are; undefined where nobody knows. */
  readonly total: number | undefined;
  /** Since its start. */
  readonly ms: number;
  /** Items per second, of late. */
  readonly rate: number;
  readonly state: "running" | "done" | "stopped" | "interrupted";
}

/** Characters of the bar in text. */
const WIDTH = 20;

/** How far a loop is, as text and as a bar of HTML's own, which is told to screen readers and needs no script. */
export function drawProgress(reached: Reached): MimeBundle {
  const { label, done, total, state } = reached;
  const words = wordsOf(reached);
  const share = total === undefined || total === 0 ? undefined : Math.min(1, done / total);
  const name = label === "" ? "" : `${label} `;
  const bar = share === undefined ? "" : `${percent(share)} ${blocks(share)} `;
  const named = `aria-label="${escaped(label || "Progress")}" style="vertical-align:middle"`;
  // Without a value it moves for ever, which is right only as long as the loop runs.
  const drawn =
    share === undefined
      ? state === "running"
        ? `<progress ${named}></progress> `
        : ""
      : `<progress ${named} value="${Math.min(done, total ?? done)}" max="${total}"></progress> ${percent(share)} `;
  return {
    "text/plain": `${name}${bar}${words}`,
    "text/html": `<div>${escaped(name)}${drawn}<span>${escaped(words)}</span></div>`,
  };
}

function wordsOf({ done, total, ms, rate, state }: Reached): string {
  const items =
    total === undefined || (state === "done" && done === total)
      ? count(done)
      : `${count(done)} of ${count(total)}`;
  const speed = done > 0 && ms > 0 ? [pace(state === "running" ? rate : (done / ms) * 1000)] : [];
  switch (state) {
    case "done":
      return [`${items} in ${duration(ms)}`, ...speed].join(" · ");
    case "stopped":
    case "interrupted":
      return [`${state} at ${items} after ${duration(ms)}`, ...speed].join(" · ");
    default: {
      const left =
        total !== undefined && total > done && rate > 0 ? ((total - done) / rate) * 1000 : undefined;
      const time = left === undefined ? duration(ms) : `${duration(left)} left`;
      return [items, ...speed, ...(done > 0 ? [time] : [])].join(" · ");
    }
  }
}

/** `120/s`; what takes longer than a second is told by its time. */
function pace(rate: number): string {
  if (rate < 1) return `${duration(1000 / rate)} each`;
  return `${rate >= 100 ? count(Math.round(rate)) : rate.toPrecision(2)}/s`;
}

/** Rounded down: 100 % is done. */
const percent = (share: number) => `${Math.floor(share * 100)} %`;

function blocks(share: number): string {
  const full = Math.floor(share * WIDTH);
  return "█".repeat(full) + "░".repeat(WIDTH - full);
}
