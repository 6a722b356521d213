/** Types of the names that measuring puts into the notebook's scope, for the type service. */
export const measureTypes = `
interface BenchEstimate {
  value: number;
  /** 95 %; null where there were too few values. */
  interval: [low: number, high: number] | null;
  count: number;
}
interface BenchResult {
  /** One sentence in plain words. */
  verdict: string;
  notes: string[];
  sides: {
    name: string;
    loop: "typescript" | "rust" | "python";
    /** Seconds per call. */
    time: BenchEstimate;
    /** Processor seconds per call. */
    cpu: number;
    calls: number;
    overhead?: BenchEstimate;
    rounds: (number | null)[];
  }[];
  notRun: { name: string; why: string }[];
  difference: { left: string; right: string; path: string; leftValue: string; rightValue: string } | null;
  /** The time of \`of\` over the time of \`to\`. */
  ratios: (BenchEstimate & { of: string; to: string; claimed: boolean })[];
  control: BenchEstimate | null;
  conditions: Record<string, number | string | null>;
  versions: Record<string, string>;
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
  },
): Promise<BenchResult>;
`;
