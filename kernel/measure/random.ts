/** A source of numbers in [0, 1). */
export type Random = () => number;

/** A seeded generator, the same on every machine: sfc32 ("small fast counting", Chris Doty-Humphrey, PractRand). */
export function seeded(seed: number): Random {
  let a = seed | 0;
  let b = 0x9e3779b9 | 0;
  let c = 0x243f6a88 | 0;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  // The state starts with one free word; the generator needs some steps until all of it depends on the seed.
  for (let i = 0; i < 15; i++) next();
  return next;
}

/** Puts the items into random order in place (Fisher–Yates) and returns them. */
export function shuffle<T>(items: T[], random: Random): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    // Both indices are inside the array.
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
  return items;
}

/** A draw of the standard normal distribution (Box–Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
