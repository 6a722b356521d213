import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { chartBundle } from "../display/chart/bundle.ts";
import type { EngineContext, EnginePart } from "../engine/part.ts";
import { fail } from "../errors.ts";
import { pythonSeconds } from "../python/busy.ts";
import { mergeCalls } from "./calls.ts";
import type { Surroundings } from "./place.ts";
import { INTERVAL, V8Profiler } from "./profiler.ts";
import { readCpu, readHeap } from "./read.ts";
import { flameOf, hotBundle } from "./report.ts";
import { movable, type ProfileResult, resultOf } from "./result.ts";
import { elsewhereSeconds, nameRust, rustCalls } from "./rust-calls.ts";

/** What `%%profile` asks for. */
export interface ProfileRequest {
  readonly of: ProfileResult["of"];
  /** µs between samples of time. */
  readonly interval?: number;
}

interface Running {
  readonly profiler: V8Profiler;
  readonly of: ProfileResult["of"];
  readonly python: number;
}

/** The profile that is taken now. */
let running: Running | undefined;

/** Profiles of what the notebook's code does, on the thread on which it runs. */
export const profile: EnginePart = {
  handlers: {
    start({ of, interval = INTERVAL }: ProfileRequest): void {
      if (running) throw fail("profileTwice");
      const profiler = new V8Profiler();
      running = { profiler, of, python: pythonSeconds() };
      if (of === "time") {
        profiler.startCpu(interval);
        rustCalls.start();
      } else profiler.startHeap();
    },

    /** Ends the profile; unless the cell failed, shows it. Returns the functions that could be moved to Rust, hottest first. */
    stop({ show, out }: { show: boolean; out?: string }, context: EngineContext): readonly string[] {
      const ended = running;
      running = undefined;
      if (!ended) return [];
      const { profiler, of } = ended;
      const time = of === "time";
      const rust = time ? rustCalls.stop() : [];
      const raw = time ? profiler.stopCpu() : profiler.stopHeap();
      const taken = "head" in raw ? raw : nameRust(raw, rust);
      const scripts = time ? undefined : profiler.scripts();
      profiler.close();
      if (!show) return [];
      const around = surroundings(context);
      const tree = "head" in taken ? readHeap(taken, scripts ?? new Map(), around) : readCpu(taken, around);
      const calls = mergeCalls(tree);
      const file = keep(
        taken,
        `${context.cell.file.replace(/\.\w+$/, "")}.${time ? "cpu" : "heap"}profile`,
        context.folder,
      );
      const python = pythonSeconds() - ended.python;
      const elapsed = "head" in taken ? 0 : (taken.endTime - taken.startTime) / 1e6;
      const result = resultOf(calls, { of, elapsed, python, elsewhere: elsewhereSeconds(rust), file });
      context.display(hotBundle(result));
      context.display(chartBundle(flameOf(calls, of)));
      if (out !== undefined) context.define(out, result);
      (globalThis as { _?: unknown })._ = result;
      return movable(result);
    },
  },
};

const surroundings = ({ folder }: EngineContext): Surroundings => ({ folder, bundles: __dirname });

/** Writes V8's profile beside the notebook, as `.tandem/profiles/cell-7.cpuprofile`. Returns its path from there. */
function keep(taken: object, name: string, folder: string): string {
  const path = join(folder, ".tandem", "profiles", name);
  try {
    mkdirSync(join(folder, ".tandem", "profiles"), { recursive: true });
    writeFileSync(path, JSON.stringify(taken));
  } catch (error) {
    throw fail("profileNotKept", path, (error as Error).message);
  }
  return relative(folder, path);
}
