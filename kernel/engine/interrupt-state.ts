/** What the engine's main thread and its interrupt thread share. */
export interface InterruptState {
  readonly buffer: SharedArrayBuffer;
  /**
   * [interrupts asked for, interrupts that the main thread has taken note of, the last request that they mean]. A request
   * up to that one is interrupted, whenever it runs: so none that came late meets a later request.
   */
  readonly counters: Int32Array;
  /** [when the running request started, in ms since the epoch] */
  readonly startedAt: Float64Array;
}

export const ASKED = 0;
export const NOTED = 1;
export const UP_TO = 2;

/** The state in a buffer that the other thread made, or in a new one. */
export function interruptState(buffer = new SharedArrayBuffer(24)): InterruptState {
  return { buffer, counters: new Int32Array(buffer, 0, 3), startedAt: new Float64Array(buffer, 16, 1) };
}
