import { CONTROL, type NumberArray } from "../protocol.ts";
import { toShared } from "../sharing.ts";

/** What a typed run needs of shared memory. */
export interface TypedMemory {
  readonly input: NumberArray;
  readonly output: Float64Array;
  readonly done: Uint8Array;
  readonly control: Int32Array;
}

/** Making shared memory takes longer than many a run; what takes more bytes than this is not kept. */
const MOST_KEPT = 16 * 1024 * 1024;

let kept: TypedMemory | undefined;

/** Memory for a run over these items: that of an earlier run where it fits. */
export function typedMemory(items: NumberArray): TypedMemory {
  const known = kept;
  kept = undefined;
  if (known && known.input.length === items.length && known.input.constructor === items.constructor) {
    known.done.fill(0);
    known.control.fill(0);
    if (items.buffer instanceof SharedArrayBuffer) return { ...known, input: items };
    copy(items, known.input);
    return known;
  }
  return {
    input: toShared(items),
    output: new Float64Array(new SharedArrayBuffer(items.length * Float64Array.BYTES_PER_ELEMENT)),
    done: new Uint8Array(new SharedArrayBuffer(items.length)),
    control: new Int32Array(new SharedArrayBuffer(CONTROL.length * Int32Array.BYTES_PER_ELEMENT)),
  };
}

/** Takes memory back that no worker writes to any more. `items`: the run's own, which are not ours to write to. */
export function keepMemory(memory: TypedMemory, items: NumberArray): void {
  const { input, output } = memory;
  if (input !== items && input.byteLength + output.byteLength <= MOST_KEPT) kept = memory;
}

function copy(from: NumberArray, to: NumberArray): void {
  const bytes = new Uint8Array(from.buffer, from.byteOffset, from.byteLength);
  new Uint8Array(to.buffer, to.byteOffset, to.byteLength).set(bytes);
}
