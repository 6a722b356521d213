import { optionsType } from "./options.ts";

/**
 * Names in the views of %%parallel cells that no user has: what gives an item of a list, and the results. One letter, since
 * no more room is left between a pattern and its list.
 */
export const ITEM = "\u01c3";
export const RESULT = "\u01c2";

/** Types of the names that parallel runs put into the notebook's scope, for the type service. */
export const parallelTypes = `
${optionsType}
type ParallelItems<T> = Iterable<T> | AsyncIterable<T>;
/** Results with empty places where an item failed, and what it failed with. */
type PartialResults<R> = (R | undefined)[] & { readonly failures: readonly { readonly index: number; readonly error: unknown }[] };
/** An item's result as it comes. */
interface Completion<R> { readonly index: number; readonly value: R }
/** Applies a function to each item, on all cores where that is faster; the results are in the order of the items. */
declare function pmap<T, R>(items: ParallelItems<T>, fn: (item: T, index: number) => R, options: ParallelOptions & { asCompleted: true; keepGoing: true }): AsyncIterableIterator<Completion<Awaited<R>> | { readonly index: number; readonly error: unknown }>;
declare function pmap<T, R>(items: ParallelItems<T>, fn: (item: T, index: number) => R, options: ParallelOptions & { asCompleted: true }): AsyncIterableIterator<Completion<Awaited<R>>>;
declare function pmap<T, R>(items: ParallelItems<T>, fn: (item: T, index: number) => R, options: ParallelOptions & { keepGoing: true }): Promise<PartialResults<Awaited<R>>>;
declare function pmap<T, R>(items: ParallelItems<T>, fn: (item: T, index: number) => R, options?: ParallelOptions): Promise<Awaited<R>[]>;
/** Combines what a function gives for each item, in the order of the items, by an associative function. */
declare function preduce<T, R>(items: ParallelItems<T>, fn: (item: T, index: number) => R, combine: (a: Awaited<R>, b: Awaited<R>) => Awaited<R>, options?: ParallelOptions): Promise<Awaited<R>>;
/** Calls a function for each item, for what it does: no results are kept. */
declare function pfor<T>(items: ParallelItems<T>, fn: (item: T, index: number) => unknown, options?: ParallelOptions): Promise<void>;
/** Groups items by what a function gives for them: a key that is a primitive. */
declare function pgroup<T, K>(items: ParallelItems<T>, key: (item: T, index: number) => K, options?: ParallelOptions): Promise<Map<Awaited<K>, T[]>>;
/** Why a value of a type cannot go to a worker; 0 where its type does not tell that. */
type __TandemStays<T> = 0 extends 1 & T ? 0 : [T] extends [never] ? 0 : [T] extends [Function | string | number | boolean | bigint | null | undefined] ? 0
  : [T] extends [Promise<any>] ? "promise"
  : [T] extends [symbol] ? symbol extends T ? 0 : [T] extends [Extract<SymbolConstructor[keyof SymbolConstructor], symbol>] ? 0 : "symbol"
  : [T] extends [Generator<any, any, any> | AsyncGenerator<any, any, any>] ? "generator"
  : __TandemIs<T, WeakMap<any, any>> extends true ? [T] extends [{ readonly size: number }] ? 0 : "WeakMap"
  : __TandemIs<T, WeakSet<any>> extends true ? [T] extends [{ readonly size: number }] ? 0 : "WeakSet"
  : __TandemIs<T, WeakRef<any>> extends true ? "WeakRef"
  : true extends __TandemIs<T, import("node:events").EventEmitter> | __TandemIs<T, EventTarget> | __TandemIs<T, NodeJS.Timeout> | __TandemIs<T, NodeJS.Immediate>
    | __TandemIs<T, import("node:fs/promises").FileHandle> | __TandemIs<T, AbortController> | __TandemIs<T, URL> | __TandemIs<T, Response> | __TandemIs<T, Request>
    | __TandemIs<T, ReadableStream<any>> | __TandemIs<T, WritableStream<any>> | __TandemIs<T, Intl.NumberFormat> | __TandemIs<T, Intl.DateTimeFormat> | __TandemIs<T, Intl.Collator>
    ? __TandemInstance<T> : 0;
/** False for what is not there, which is any. */
type __TandemIs<T, C> = 0 extends 1 & C ? false : [T] extends [C] ? true : false;
interface __TandemInstance<T> { readonly of: T }
declare function __tandemGoes<T>(goes: __TandemStays<T>): void;
/** What the views of %%parallel cells are made of. */
declare function ${ITEM}<T>(items: ParallelItems<T>): T;
declare function __pmap<R>(body: () => R): Awaited<R>[];
declare function __pmap<R>(body: () => R, keepGoing: true): PartialResults<Awaited<R>>;
declare function __pfirst<R>(body: () => R): AsyncIterableIterator<Completion<Awaited<R>>>;
declare function __pfirst<R>(body: () => R, keepGoing: true): AsyncIterableIterator<Completion<Awaited<R>> | { readonly index: number; readonly error: unknown }>;
`;
