/** Types of the names that measuring puts into the notebook's scope, for the type service. */
export const measureTypes = `
interface BenchEstimate {
  value: number;
  /** 95 %; null where there were too few values. */
  interval: [low: number, high: number] | null;
  count: number;
}
/** What %%bench and bench({…}) found. */
interface BenchResult {
  kind: "bench";
  version: 1;
  /** One sentence in plain words. */
  verdict: string;
  /** What limits it, a sentence each. */
  notes: string[];
  sides: {
    name: string;
    loop: "typescript" | "rust" | "python" | "shell" | "http";
    /** Seconds per call. */
    time: BenchEstimate;
    /** Processor seconds per call. */
    cpu: number;
    /** Of all samples together. */
    calls: number;
    /** Seconds that a call from TypeScript costs beyond the work; of sides that their own runtime repeats. */
    overhead?: BenchEstimate | undefined;
    /** Seconds of the first call, before any warming up. */
    first?: number | undefined;
    /** Seconds that the compiler took for the cell of a Rust function. */
    compile?: number | undefined;
    /** Seconds in which its interpreter starts with nothing to do; with --cold. */
    start?: number | undefined;
    /** Most bytes of the process that ran its calls, after a sample. */
    resident?: number | undefined;
    /** What the collector of the process that ran its calls did during its samples. */
    collections?: { count: number; seconds: number } | undefined;
    /** Bytes that a call allocates there; null where every sample had a collection. */
    allocated?: number | null | undefined;
    /** Seconds per call by round; null where the side sat the round out. */
    rounds: (number | null)[];
  }[];
  notRun: { name: string; why: string }[];
  /** Where the results of two sides first differ. */
  difference: { left: string; right: string; path: string; leftValue: string; rightValue: string } | null;
  /** The time of \`of\` over the time of \`to\`. */
  ratios: (BenchEstimate & { of: string; to: string; claimed: boolean })[];
  /** A side against itself in the same rounds. */
  control: (BenchEstimate & { side: string }) | null;
  conditions: {
    rounds: number;
    ended: "precision" | "budget" | "interrupt";
    /** Seconds. */
    elapsed: number;
    budget: number;
    precision: number;
    tolerance: string;
    /** Share of the processor that others used, 0 to 1; null where not known. */
    foreign: number | null;
    /** Last third over first third of the control's times. */
    drift: number;
    cores: number;
    processor: string;
    seed: number;
  };
  versions: Record<string, string>;
}
/** What %%bench --for found: a result for each value. */
interface BenchSeries {
  kind: "bench-series";
  parameter: string;
  points: { value: number | string; result: BenchResult }[];
}
/** Compares functions: interleaved rounds, a control, equal results, one sentence as the verdict. */
declare function bench(
  sides: Record<string, (() => unknown) | readonly [callee: (...args: never[]) => unknown, ...args: unknown[]]>,
  options?: {
    rounds?: number | string;
    /** For all of it: "20s", or a number of milliseconds. */
    budget?: number | string;
    /** Rounds go on until the control is this precise: "1%". */
    precision?: number | string;
    /** How far results may be apart: "4ulp", or a relative difference. */
    tol?: number | string;
    /** Tell the first calls too. */
    cold?: boolean;
    /** Files for the figures. */
    csv?: string;
    json?: string;
    /** Keep the result under a name; compare with one that was kept on this machine. */
    save?: string;
    against?: string;
  },
): Promise<BenchResult>;
`;
