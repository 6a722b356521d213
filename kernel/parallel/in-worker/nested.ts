import type { ItemFunction } from "./items.ts";

type Items = Iterable<unknown> | AsyncIterable<unknown>;

/** Parallel runs inside a parallel run: its workers are all busy, so they go on here, one item after the other. */
export const nested = {
  async pmap(items: Items, fn: ItemFunction): Promise<unknown[]> {
    const results: unknown[] = [];
    for await (const item of items) results.push(await fn(item, results.length));
    return results;
  },
  async preduce(
    items: Items,
    fn: ItemFunction,
    combine: (a: unknown, b: unknown) => unknown,
  ): Promise<unknown> {
    const [first, ...rest] = await nested.pmap(items, fn);
    return rest.reduce((sum, value) => combine(sum, value), first);
  },
  async pfor(items: Items, fn: ItemFunction): Promise<void> {
    let index = 0;
    for await (const item of items) await fn(item, index++);
  },
  async pgroup(items: Items, key: ItemFunction): Promise<Map<unknown, unknown[]>> {
    const groups = new Map<unknown, unknown[]>();
    let index = 0;
    for await (const item of items) {
      const group = await key(item, index++);
      groups.set(group, [...(groups.get(group) ?? []), item]);
    }
    return groups;
  },
} as const;
