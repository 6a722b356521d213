import { duration } from "../display/words.ts";
import { Interrupted } from "../engine/interrupted.ts";
import { ListCollector } from "./dispatch/collect.ts";
import { dispatchEach } from "./dispatch/dispatch.ts";
import { Results } from "./dispatch/results.ts";
import { sourceOf } from "./dispatch/source.ts";
import type { ParallelHost } from "./engine.ts";
import type { RunOptions } from "./options.ts";
import { errorClass } from "./run.ts";
import { TaggedOutput } from "./tagged-output.ts";
import { receiveThrown } from "./values/thrown.ts";

/**
 * Has each worker call a set-up once, now and, for those started later, before their first run. Gives what it returned
 * in each. `names`: what it declares.
 */
export async function runEach(
  host: ParallelHost,
  fn: () => unknown,
  { options, file, names }: { options: RunOptions; file: string; names: readonly string[] },
): Promise<unknown[]> {
  const { context, setUpsOf } = host;
  const pool = host.pool(options.isolate);
  pool.take(options.workers);
  const surroundings = host.survey([fn], file);
  const { steps, roots } = surroundings.steps({ isolated: options.isolate });
  const setUp = { id: setUpsOf.nextId(), steps, root: roots[0] ?? "" };
  const results = new Results(new ListCollector(undefined));
  const output = new TaggedOutput((name, text) => context.stream(name, text));
  const began = performance.now();
  const ended = await pool.exclusive((run) =>
    dispatchEach(pool, run, {
      steps,
      setUps: host.setUps,
      work: {
        root: setUp.root,
        sends: "each",
        keepGoing: false,
        retries: options.retries,
        move: false,
        traced: false,
      },
      source: sourceOf([]),
      from: 0,
      results,
      workers: options.workers,
      signal: context.signal,
      stream: (name, text, worker) => output.add(name, text, worker),
      display: (data) => {
        output.flush();
        context.display(data);
      },
      receive: (sent) => receiveThrown(sent, (name) => errorClass(context, name)),
    }),
  );
  output.flush();
  if (ended.how === "error") throw ended.error;
  if (ended.how === "stopped") throw new Interrupted();
  setUpsOf.add(setUp, names);
  pool.haveDone(setUp.id, options.workers);
  const many = options.workers === 1 ? "1 worker" : `${options.workers} workers`;
  context.display({
    "text/plain": `Set up ${many} in ${duration(performance.now() - began)}; those started later do the same.`,
  });
  // A ListCollector makes a list.
  return results.collector.value() as unknown[];
}
