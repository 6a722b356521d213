import type { EngineContext } from "../engine/part.ts";
import { numbered, readLanes } from "../rust/spans.ts";
import { clockOffset, now, type Reading } from "../timeline/clock.ts";
import type { Lane, Span } from "../timeline/spans.ts";
import { type PythonClient, PythonRequest } from "./client.ts";
import { connectionsOf } from "./connections.ts";

/** As the runner writes it (runner/tandem_runner/spans.py); times in nanoseconds of its own clock. */
interface Taken {
  now: number;
  lost: number;
  spans: [name: string, lane: string, start: number, end: number][];
  /** Of Rust that Python called: as the crate `tandem` writes it, and what turns its times into Python's. */
  rust: [text: string, offset: number][];
}

/** An interpreter that runs something else answers later than this, in ms, and its spans are not waited for. */
const PATIENCE = 2000;
/** How often its clock is read beside ours. */
const READINGS = 4;

export interface PythonLanes {
  readonly lanes: Lane[];
  readonly dropped: number;
  /** Interpreters that were busy and did not answer. */
  readonly busy: number;
}

/** The threads and tasks of all interpreters that have marked something since they were last asked, on the clock of `now`. */
export async function takePythonLanes(context: EngineContext): Promise<PythonLanes> {
  const clients = await connectionsOf(context).open();
  const taken = await Promise.all(clients.map((client) => within(PATIENCE, takeOf(client))));
  const known = taken.filter((one) => one !== undefined);
  return {
    lanes: known.flatMap(({ lanes }) => lanes),
    dropped: known.reduce((sum, { lost }) => sum + lost, 0),
    busy: taken.length - known.length,
  };
}

async function takeOf(client: PythonClient): Promise<{ lanes: Lane[]; lost: number }> {
  const readings: Reading[] = [];
  const ask = async () => {
    const request = new PythonRequest("spans", () => ({}));
    const before = now();
    // The runner answers with a text of JSON.
    const text = (await client.send(request)) as string;
    const after = now();
    const answer = JSON.parse(text) as Taken;
    readings.push({ before, theirs: answer.now / 1e6, after });
    return answer;
  };
  const { spans, rust, lost } = await ask();
  if (spans.length === 0 && rust.length === 0) return { lanes: [], lost };
  while (readings.length < READINGS) await ask();
  const offset = clockOffset(readings);
  const byName = new Map<string, Span[]>();
  for (const [name, lane, start, end] of spans) {
    const own = byName.get(lane) ?? [];
    own.push({ name, kind: "work", start: start / 1e6 + offset, end: end / 1e6 + offset });
    byName.set(lane, own);
  }
  const own = [...byName].map(([name, spans]) => ({ name, group: "Python", spans }));
  const ofRust = rust.map(([text, theirs]) => readLanes(text, theirs / 1e6 + offset));
  return {
    lanes: [
      ...own,
      ...numbered(ofRust.flatMap(({ lanes }) => lanes)).map((lane) => ({
        ...lane,
        name: `(Rust) ${lane.name}`,
        group: "Python",
      })),
    ],
    lost: ofRust.reduce((sum, { dropped }) => sum + dropped, lost),
  };
}

/** The promise's value, or undefined where it takes longer or fails. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ms);
  const given = new Promise<undefined>((resolve) =>
    late.signal.addEventListener("abort", () => resolve(undefined)),
  );
  return await Promise.race([promise.catch(() => undefined), given]).finally(() => clearTimeout(timer));
}
