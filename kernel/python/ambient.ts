/**
 * Types of the names that Python puts into the notebook's scope, for the type service. Python's names are
 * what the annotations of its cells say, else `any`: anything narrower is "possibly undefined" where a folder's
 * tsconfig.json sets noUncheckedIndexedAccess.
 */
export const pythonTypes = `
/** Names of the Python cells, builtins and modules: \`await py.f(1)\`, \`await py.total\`, \`await py.math.sqrt(2)\`. */
declare const py: PythonWith<{}>;

/** Members by the annotations of the Python cells; all else is any. */
type PythonWith<Members> = {
  /** The same for another interpreter. */
  (interpreter: string): PythonWith<{}>;
  readonly [name: string]: any;
} & Members;

/** A function of the Python cells; its attributes are any, as is what it is itself. */
type PythonFunction<Call> = Call & { readonly [name: string]: any };

declare namespace tandem {
  interface NumberArrays {
    Int8Array: Int8Array; Uint8Array: Uint8Array; Int16Array: Int16Array; Uint16Array: Uint16Array;
    Int32Array: Int32Array; Uint32Array: Uint32Array; Float32Array: Float32Array; Float64Array: Float64Array;
    BigInt64Array: BigInt64Array; BigUint64Array: BigUint64Array;
  }
  /** A typed array in memory that Python maps, too: both have the same numbers, and nothing is copied when it crosses. */
  function array<T extends NumberArrays[keyof NumberArrays]>(
    kind: { new (length: number): T },
    source: number | (T extends BigInt64Array | BigUint64Array ? Iterable<bigint> : Iterable<number>),
  ): T;
  /** The same with the values of another. */
  function array<T extends NumberArrays[keyof NumberArrays]>(values: T): T;
}
`;
