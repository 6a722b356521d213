/** Types of `progress`, for the type service. */
export const progressTypes = `
interface ProgressOptions {
  /** Stands before the bar. */
  label?: string;
  /** How many items there are, where the iterable does not tell. */
  total?: number;
  /** Leaves nothing behind when it is done. */
  clear?: boolean;
}
/** The same items, with a bar below the cell: how many are done, how fast, and how long the rest will take. */
declare function progress<T>(items: Iterable<T>, options?: ProgressOptions): IterableIterator<T>;
declare function progress<T>(items: AsyncIterable<T>, options?: ProgressOptions): AsyncIterableIterator<T>;
`;
