/** Types of `plot`, for the type service. */
export const chartTypes = `
type ChartNumbers = readonly (number | null)[] | Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array | BigInt64Array | BigUint64Array;
interface ChartAxis {
  label: string;
  /** "s" (seconds), "B" (bytes), "%" (of a share), "×" (a ratio), or any name. */
  unit?: string;
  scale?: "linear" | "log";
}
interface ChartWords {
  /** What the chart shows, as a sentence. */
  title: string;
  /** What limits it, a sentence each. */
  notes?: string[];
  /** Small print. */
  footer?: string[];
}
interface ChartSeries {
  name: string;
  x: ChartNumbers;
  y: ChartNumbers;
  /** Ends of the intervals around y. */
  low?: ChartNumbers;
  high?: ChartNumbers;
  /** A model or an ideal: a dashed line without points. */
  reference?: boolean;
}
type ChartSpec = ChartWords & (
  | { type: "bars"; value: ChartAxis; rows: ({ label: string; value: number; interval?: readonly [number, number] | null; note?: string } | { label: string; missing: string })[] }
  | { type: "lines" | "scatter"; x: ChartAxis; y: ChartAxis; series: ChartSeries[] }
  | { type: "histogram"; value: ChartAxis; bins?: number; series: { name: string; values: ChartNumbers }[] }
  /** Seconds, as are the pauses of a collector. */
  | { type: "latency"; series: { name: string; at: ChartNumbers; latency: ChartNumbers; percentiles?: Record<string, number>; pauses?: { at: number; duration: number }[] }[] }
  | { type: "speedup"; cores?: number; series: { name: string; workers: ChartNumbers; speedup: ChartNumbers; low?: ChartNumbers; high?: ChartNumbers; /** The part that Amdahl's law was fitted with. */ parallel?: number }[] }
  /** Seconds; a lane each. */
  | { type: "gantt"; lanes: { name: string; spans: { start: number; end: number; label?: string; kind?: string }[] }[] }
  /** Callers at a lower depth, 0 at the top; start and end in the units of the value. */
  | { type: "flame"; value: ChartAxis; frames: { label: string; place?: string; kind?: string; start: number; end: number; depth: number }[] }
  /** cells[y][x] */
  | { type: "heat"; x: { label: string; values: string[] }; y: { label: string; values: string[] }; cells: ChartNumbers[]; value: ChartAxis; center?: number }
);
/** Shows a chart; with an id, in place of the one shown before with that id. */
declare function plot(spec: ChartSpec, options?: DisplayPlace): void;
`;
