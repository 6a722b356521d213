import { type HeapProfiler, type Profiler, Session } from "node:inspector";

/** Time between two looks at the stack, in µs: less than V8's own 1,000, so that a tenth of a second tells something. */
export const INTERVAL = 250;
/** Bytes allocated between two samples, on average; V8's own choice. */
const HEAP_INTERVAL = 32_768;

export type CpuProfile = Profiler.Profile;
export type HeapProfile = HeapProfiler.SamplingHeapProfile;

/** V8's profilers, by an inspector session on this thread. */
export class V8Profiler {
  readonly #session = new Session();

  constructor() {
    this.#session.connect();
  }

  /** Samples the stack every `interval` µs until `stopCpu`. */
  startCpu(interval: number): void {
    this.#post("Profiler.enable");
    this.#post("Profiler.setSamplingInterval", { interval });
    this.#post("Profiler.start");
  }

  stopCpu(): CpuProfile {
    const { profile } = this.#post<{ profile: CpuProfile }>("Profiler.stop");
    this.#post("Profiler.disable");
    return profile;
  }

  /** Samples what is allocated until `stopHeap`, what the collector has taken since included. */
  startHeap(): void {
    this.#post("HeapProfiler.startSampling", {
      samplingInterval: HEAP_INTERVAL,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
  }

  stopHeap(): HeapProfile {
    return this.#post<{ profile: HeapProfile }>("HeapProfiler.stopSampling").profile;
  }

  /** The addresses of all scripts, by the numbers that V8 gives them: what it samples in the heap comes without. */
  scripts(): Map<string, string> {
    const urls = new Map<string, string>();
    this.#session.on("Debugger.scriptParsed", ({ params: { scriptId, url } }) => urls.set(scriptId, url));
    this.#post("Debugger.enable");
    this.#post("Debugger.disable");
    return urls;
  }

  close(): void {
    this.#session.disconnect();
  }

  /** All of these commands answer before they return. The caller knows the answer's shape from the protocol. */
  #post<T>(method: string, params: object = {}): T {
    let answer: T | undefined;
    let failure: Error | null = null;
    this.#session.post(method, params, (error: Error | null, result?: object) => {
      failure = error;
      answer = result as T;
    });
    if (failure) throw failure;
    return answer as T;
  }
}
