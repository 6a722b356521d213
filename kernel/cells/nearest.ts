/** The name most like `wanted`, if one is near enough to be meant: a third of its letters may differ. */
export function nearest(wanted: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase());
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best;
}

/** Fewest insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  // cost(i, j): between the first i letters of a and the first j of b; filled row by row.
  const width = b.length + 1;
  const costs = new Uint32Array((a.length + 1) * width);
  const cost = (i: number, j: number) => costs[i * width + j] ?? 0;
  for (let i = 0; i <= a.length; i++) {
    for (let j = 0; j <= b.length; j++) {
      let least = i === 0 ? j : j === 0 ? i : Math.min(cost(i - 1, j), cost(i, j - 1)) + 1;
      if (i > 0 && j > 0) least = Math.min(least, cost(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      costs[i * width + j] = swapped ? Math.min(least, cost(i - 2, j - 2) + 1) : least;
    }
  }
  return cost(a.length, b.length);
}
