/** What the engine's main thread and its interrupt thread share. */
export interface InterruptState {
  readonly buffer: SharedArrayBuffer;
  /** [interrupts asked for, interrupts that the main thread has taken note of] */
  readonly counters: Int32Array;
  /** [when the running request started, in ms since the epoch] */
  readonly startedAt: Float64Array;
}

/** The state in a buffer that the other thread made, or in a new one. */
export function interruptState(buffer = new SharedArrayBuffer(16)): InterruptState {
  return { buffer, counters: new Int32Array(buffer, 0, 2), startedAt: new Float64Array(buffer, 8, 1) };
}
