import { significant } from "../../../kernel/display/chart/format.ts";
import type { Comparison, Judged } from "./compare.ts";
import { type Fact, factStanding, factText } from "./facts.ts";

/** Prints all targets of a run in one table: what is wanted, what was found, and whether that is met. */
export function printTable(comparisons: readonly Comparison[], facts: readonly Fact[]): void {
  const rows = [
    ...comparisons.flatMap(({ title, targets }) => targets.map((target) => rowOf(title, target))),
    ...facts.flatMap((fact) => {
      const { what, unit, atMost } = fact;
      const stands = factStanding(fact);
      return stands ? [[what, `≤ ${atMost} ${unit}`, factText(fact), stands]] : [];
    }),
  ];
  const all = [["", "target", "found", ""], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  console.log("\n== targets");
  for (const row of all) {
    console.log(`   ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
  }
}

function rowOf(title: string, { what, ratio, interval, atMost, atLeast, standing }: Judged): string[] {
  const bound = atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`;
  const range = interval ? ` (${interval.map(significant).join("–")})` : "";
  return [`${title}: ${what}`, bound, ratio === null ? "" : `${significant(ratio)}${range}`, standing];
}
