import { setImmediate } from "node:timers/promises";
import { types } from "node:util";
import { fail } from "../../errors.ts";
import type { NumberArray } from "../protocol.ts";
import { describe, kindOf } from "../values/kind.ts";

/** Where items come from: taken from the front, as many at a time as there is room for. */
export interface Source {
  /** How many there are in all; undefined where only the end will tell. */
  readonly size: number | undefined;
  /** The items as a typed array, where they are one. */
  readonly typed: NumberArray | undefined;
  /** The next items, at least one and at most `most`; none at the end. Not called again before a promise settled. */
  take(most: number): readonly unknown[] | Promise<readonly unknown[]>;
}

export type Items = Iterable<unknown> | AsyncIterable<unknown>;

/** The source of what stands after `of`. Throws the catalogue's error where it cannot be iterated. */
export function sourceOf(items: unknown): Source {
  if (Array.isArray(items)) return listSource(items);
  if (isNumberArray(items)) return { ...listSource(items), typed: items };
  if (typeof items === "object" && items !== null && Symbol.asyncIterator in items)
    return asyncSource(items as AsyncIterable<unknown>);
  if (items !== null && items !== undefined && Symbol.iterator in Object(items))
    return iteratorSource(items as Iterable<unknown>);
  throw fail("parallelNotIterable", whatIs(items));
}

/** The same items, each kept as it is taken. */
export function recorded(items: unknown): { source: unknown; taken: ArrayLike<unknown> } {
  if (Array.isArray(items) || isNumberArray(items)) return { source: items, taken: items };
  const taken: unknown[] = [];
  function* each(list: Iterable<unknown>): Generator<unknown> {
    for (const item of list) {
      taken.push(item);
      yield item;
    }
  }
  async function* eachLater(list: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    for await (const item of list) {
      taken.push(item);
      yield item;
    }
  }
  const isObject = typeof items === "object" && items !== null;
  if (isObject && Symbol.asyncIterator in items)
    return { source: eachLater(items as AsyncIterable<unknown>), taken };
  const iterable = items !== null && items !== undefined && Symbol.iterator in Object(items);
  return { source: iterable ? each(items as Iterable<unknown>) : items, taken };
}

export function isNumberArray(value: unknown): value is NumberArray {
  return types.isTypedArray(value) && kindOf(value) === "view";
}

function whatIs(items: unknown): string {
  if (items === null || items === undefined) return String(items);
  const kind = kindOf(items);
  if (kind === "primitive") return `a ${typeof items}`;
  return kind === "object" ? "an object" : describe(items, kind);
}

function listSource(
  items: ArrayLike<unknown> & { slice(from: number, to: number): ArrayLike<unknown> },
): Source {
  let at = 0;
  return {
    size: items.length,
    typed: undefined,
    take(most) {
      const from = at;
      at = Math.min(items.length, at + most);
      const part = items.slice(from, at);
      return Array.isArray(part) ? part : Array.from(part);
    },
  };
}

function iteratorSource(items: Iterable<unknown>): Source {
  const iterator = items[Symbol.iterator]();
  const { size } = items as { size?: unknown };
  return {
    size: (items instanceof Map || items instanceof Set) && typeof size === "number" ? size : undefined,
    typed: undefined,
    take(most) {
      const taken: unknown[] = [];
      while (taken.length < most) {
        const { done, value } = iterator.next();
        if (done) break;
        taken.push(value);
      }
      return taken;
    },
  };
}

function asyncSource(items: AsyncIterable<unknown>): Source {
  const iterator = items[Symbol.asyncIterator]();
  /** Asked for, and not handed out yet. */
  let pending: Promise<IteratorResult<unknown>> | undefined;
  return {
    size: undefined,
    typed: undefined,
    async take(most) {
      const taken: unknown[] = [];
      while (taken.length < most) {
        pending ??= iterator.next();
        // What is there already goes along; what is still to come does not hold it up.
        const next =
          taken.length === 0 ? await pending : await Promise.race([pending, setImmediate(undefined)]);
        if (!next) break;
        if (next.done) {
          if (taken.length === 0) return taken;
          break;
        }
        pending = undefined;
        taken.push(next.value);
      }
      return taken;
    },
  };
}
