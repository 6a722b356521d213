import { inspect } from "node:util";
import { disposeInstance, handleSymbol, type LoadedFunction, setMaker } from "./addon.ts";
import type { RustDefinition, RustFunction } from "./exports.ts";
import { notebookName } from "./names.ts";
import type { RustCallable } from "./registry.ts";

/** A member of a class or an enum, loaded. */
export interface LoadedMember {
  readonly signature: RustFunction;
  readonly loaded: LoadedFunction;
}

/** Instances that JavaScript forgets are dropped in Rust. */
export const forgotten = new FinalizationRegistry<number>((handle) => {
  try {
    disposeInstance(handle);
  } catch (error) {
    // A panic in Drop has no caller here.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
});

/**
 * The JavaScript class of a Rust struct whose instances stay in Rust. `path`: as other cells write it. `callable`: makes a
 * static function callable.
 */
export function makeClass(
  definition: RustDefinition,
  path: string,
  members: readonly LoadedMember[],
  callable: (member: LoadedMember) => RustCallable,
): object {
  const name = lastName(definition.name);
  const statics = new Map<string, RustCallable>();
  for (const member of members) {
    if (member.signature.role === "static") statics.set(member.signature.name, callable(member));
  }
  const create = statics.get("new");
  const ways = [...statics.keys()].map((one) => `${name}.${one}(…)`);
  const Class = {
    [name]: class {
      constructor(...values: unknown[]) {
        if (!create) {
          const instead = ways.length > 0 ? ` Make one by ${ways.join(" or ")}.` : "";
          throw new TypeError(`${name} has no \`pub fn new\`.${instead}`);
        }
        // What Rust's `new` gives is the object: an instance of this class, or of one that extends it.
        const made = create(...values) as object;
        // biome-ignore lint/correctness/noConstructorReturn: the object is made by the maker below.
        return new.target === Class ? made : Object.setPrototypeOf(made, new.target.prototype);
      }
    },
  }[name];
  if (!Class) throw new Error(name);
  for (const [one, fn] of statics) define(Class, notebookName(one), fn);
  addMembers(Class.prototype, members);
  addProtocols(Class.prototype, name, definition, members);

  function Instance(this: Record<symbol, number>, handle: number) {
    this[handleSymbol] = handle;
  }
  Instance.prototype = Class.prototype;
  // A function is what `new` needs; as a class it could not share the prototype.
  const Maker = Instance as unknown as new (handle: number) => object;
  setMaker(path, (handle) => {
    const object = new Maker(handle);
    forgotten.register(object, handle);
    return object;
  });
  return Class;
}

function addMembers(prototype: object, members: readonly LoadedMember[]): void {
  for (const { signature, loaded } of members) {
    const name = notebookName(signature.name);
    if (signature.role === "method") addMethod(prototype, name, loaded);
    if (signature.role === "getter") {
      const setter = members.find(
        (one) => one.signature.role === "setter" && one.signature.name === signature.name,
      );
      const set = setter && setterOf(setter.loaded);
      const { call } = loaded;
      const get = function (this: object) {
        return call(receiverOf(this));
      };
      Object.defineProperty(prototype, name, { get, ...(set && { set }), configurable: true });
    }
  }
  for (const { signature, loaded } of members) {
    if (signature.role !== "setter" || Object.hasOwn(prototype, signature.name)) continue;
    Object.defineProperty(prototype, notebookName(signature.name), {
      set: setterOf(loaded),
      configurable: true,
    });
  }
}

function setterOf({ call }: LoadedFunction): (this: object, value: unknown) => void {
  return function (this: object, value: unknown) {
    call(receiverOf(this), value);
  };
}

/** What a method's native function takes first: the handle, since JavaScript reads it faster than native code; else what it refuses. */
function receiverOf(object: object | undefined): unknown {
  return (object as Record<symbol, unknown> | undefined)?.[handleSymbol] ?? object;
}

const ownerSymbol = Symbol("tandem.rust.owner");

/**
 * A method, and its `.async` on another thread. `object.method.async(…)` is called on the method and not on the object, so
 * each object gets methods bound to it, when they are first used.
 */
function addMethod(prototype: object, name: string, { call, async }: LoadedFunction): void {
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: object) {
      const handle = receiverOf(this);
      const method = Object.assign(call.bind(undefined, handle), {
        async: async.bind(undefined, handle),
        // Whoever keeps the method keeps the object, which would be dropped else.
        [ownerSymbol]: this,
      });
      if (this !== prototype) Object.defineProperty(this, name, { value: method, configurable: true });
      return method;
    },
  });
}

export const dispose: symbol = Symbol.dispose ?? Symbol.for("Symbol.dispose");

function addProtocols(
  prototype: object,
  name: string,
  definition: RustDefinition,
  members: readonly LoadedMember[],
): void {
  define(prototype, dispose, function (this: Record<symbol, number>) {
    const handle = this[handleSymbol];
    if (handle !== undefined) disposeInstance(handle);
  });
  const fields = members
    .filter(({ signature }) => signature.role === "getter")
    .map(({ signature }) => signature.name);
  define(prototype, inspect.custom, function (this: object, _depth: number, options: object) {
    try {
      const values = fields.map((field) => [field, Reflect.get(this, notebookName(field))]);
      return `${name} ${inspect(Object.fromEntries(values), options)}`;
    } catch {
      return `${name} {} (moved or disposed of)`;
    }
  });
  if (definition.shape.kind === "class" && definition.shape.iterator) {
    define(prototype, Symbol.iterator, function* (this: { next(): unknown }) {
      for (let value = this.next(); value !== null; value = this.next()) yield value;
    });
  }
}

function define(object: object, name: string | symbol, value: unknown): void {
  Object.defineProperty(object, name, { value, configurable: true, writable: true });
}

/** `orders::Order` is `Order`. */
export const lastName = (name: string): string => name.slice(name.lastIndexOf(":") + 1);
