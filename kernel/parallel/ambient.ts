/** Types of the names that parallel runs put into the notebook's scope, for the type service. */
export const parallelTypes = `
/** How a parallel run goes about it. */
interface ParallelOptions {
  /** Workers; as many as there are cores if left out. */
  n?: number;
  /** Items sent to a worker at a time; "auto": as many as take about 5 ms. */
  chunk?: number | "auto";
  /** Sends all items to workers, even where that is slower. */
  force?: boolean;
  /** The longest that an item may take: "30s", "500ms", or a number of milliseconds. */
  timeout?: number | string;
  /** A failing item leaves its place empty, and the others go on. */
  keepGoing?: boolean;
  /** How often an item that throws is tried again; 0 if left out. */
  retries?: number;
  /** Shows how each name that the code uses reaches the workers, and its size. */
  explain?: boolean;
}
/** Results with empty places where an item failed, and what it failed with. */
type PartialResults<R> = (R | undefined)[] & { readonly failures: readonly { readonly index: number; readonly error: unknown }[] };
/** Applies a function to each item, on all cores where that is faster; the results are in the order of the items. */
declare function pmap<T, R>(items: Iterable<T> | AsyncIterable<T>, fn: (item: T, index: number) => R, options: ParallelOptions & { keepGoing: true }): Promise<PartialResults<Awaited<R>>>;
declare function pmap<T, R>(items: Iterable<T> | AsyncIterable<T>, fn: (item: T, index: number) => R, options?: ParallelOptions): Promise<Awaited<R>[]>;
declare function __pmap<T, R>(items: Iterable<T> | AsyncIterable<T>, fn: (item: T) => R, cell: { options: ParallelOptions & { keepGoing: true }; file: string; out?: string }): Promise<PartialResults<Awaited<R>>>;
declare function __pmap<T, R>(items: Iterable<T> | AsyncIterable<T>, fn: (item: T) => R, cell: { options: ParallelOptions; file: string; out?: string }): Promise<Awaited<R>[]>;
`;
