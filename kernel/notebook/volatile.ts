/** What differs from run to run though nothing has changed, and what stands for it where outputs are compared. */
const ALWAYS: readonly (readonly [RegExp, string])[] = [
  // A stack's cells are numbered by how often cells were run before.
  [/\bcell-\d+(?=\.\w+\b)/g, "cell-#"],
  [/\b0x[0-9a-f]{6,}\b/gi, "<address>"],
  // Rates before times: `120 kB/s`, `3.2M/s`.
  [/\b\d[\d,.]*\s?(?:[kMG]i?B?|B|it|items?)?\/s\b/g, "<rate>"],
  [/(?<![\w.])\d[\d,.]*\s?(?:ns|[µμu]s|ms|s|secs?|seconds?|min|minutes?)\b/g, "<time>"],
];

const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*";
const CLOCK = "\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?(?:\\s?[AP]M)?";
const ZONE = "(?:\\s?(?:Z|GMT|UTC)?(?:[+-]\\d{2}:?\\d{2})?(?:\\s\\([^)]*\\))?)";
const DAY = [
  "\\d{4}-\\d{2}-\\d{2}",
  "\\d{1,2}[./]\\d{1,2}[./]\\d{2,4}",
  `(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\\s)?(?:${MONTH}\\s\\d{1,2},?|\\d{1,2}\\s${MONTH})\\s\\d{4}`,
].join("|");
const DATES = new RegExp(`(?:${DAY})(?:(?:T|,?\\s)${CLOCK}${ZONE})?|\\b${CLOCK}${ZONE}`, "g");

/** A text without what is volatile: times, rates, addresses and numbers of cells; dates only where asked for. */
export function withoutVolatile(text: string, dates: boolean): string {
  const start = dates ? text.replace(DATES, "<date>") : text;
  return ALWAYS.reduce((result, [pattern, stand]) => result.replace(pattern, stand), start);
}
