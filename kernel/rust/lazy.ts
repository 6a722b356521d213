import { inspect } from "node:util";
import { disposeInstance, type LoadedFunction, setMaker } from "./addon.ts";
import { dispose, forgotten, type LoadedMember } from "./classes.ts";
import type { RustDefinition } from "./exports.ts";

/** One item in a list of its own, so that an item that is null is told from the end, which is null. */
type Next = readonly [item: unknown] | null;

/** What a function of Rust gives piece by piece: an iterator as an iterable, a channel's receiver as an async one. */
export function makeLazy(definition: RustDefinition, path: string, members: readonly LoadedMember[]): void {
  const member = (name: string): LoadedFunction => {
    const found = members.find(({ signature }) => signature.name === name);
    // The shim's own, written with the definition.
    if (!found) throw new Error(`${path} has no ${name}.`);
    return found.loaded;
  };
  const next = member("next");
  if (definition.shape.kind === "lazy" && definition.shape.source === "channel") {
    const now = member("now");
    setMaker(path, (handle) => watched(receive(handle, now, next), handle));
  } else {
    setMaker(path, (handle) => watched(new RustIterator(handle, next, definition.doc), handle));
  }
}

function watched<T extends object>(object: T, handle: number): T {
  forgotten.register(object, handle);
  return object;
}

/** `map`, `take` and the like are there where the runtime's iterators have them. */
const IteratorPrototype: object = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

class RustIterator {
  readonly #handle: number;
  readonly #next: LoadedFunction;
  readonly #name: string;
  #ended = false;

  constructor(handle: number, next: LoadedFunction, name: string) {
    this.#handle = handle;
    this.#next = next;
    this.#name = name;
  }

  next(): IteratorResult<unknown, undefined> {
    if (this.#ended) return { done: true, value: undefined };
    // Its own type: what the shim's `next` returns.
    const found = this.#next.call(this.#handle) as Next;
    if (found) return { done: false, value: found[0] };
    return this.return();
  }

  return(): { done: true; value: undefined } {
    if (!this.#ended) disposeInstance(this.#handle);
    this.#ended = true;
    return { done: true, value: undefined };
  }

  [inspect.custom](): string {
    return `iterator of ${this.#name}${this.#ended ? " (at its end)" : ""}`;
  }
}
Object.setPrototypeOf(RustIterator.prototype, IteratorPrototype);
Object.defineProperty(RustIterator.prototype, dispose, {
  value(this: RustIterator) {
    this.return();
  },
});

/** What is there comes at once; else a thread waits for it. Who leaves the loop lets go of the receiver. */
async function* receive(handle: number, now: LoadedFunction, next: LoadedFunction): AsyncGenerator<unknown> {
  try {
    for (;;) {
      // Its own types, as above.
      const [ended, there] = now.call(handle) as [boolean, Next];
      if (ended) return;
      const found = there ?? ((await next.async(handle)) as Next);
      if (!found) return;
      yield found[0];
    }
  } finally {
    disposeInstance(handle);
  }
}
