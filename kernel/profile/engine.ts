import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { chartBundle } from "../display/chart/bundle.ts";
import type { EngineContext, EnginePart } from "../engine/part.ts";
import { fail } from "../errors.ts";
import { pythonSeconds } from "../python/busy.ts";
import { mergeCalls } from "./calls.ts";
import type { Surroundings } from "./place.ts";
import { type CpuProfile, type HeapProfile, INTERVAL, V8Profiler } from "./profiler.ts";
import type { PythonSamples } from "./py-spy.ts";
import { readStacks } from "./python-stacks.ts";
import { readCpu, readHeap } from "./read.ts";
import { flameOf, hotBundle, pythonBundle } from "./report.ts";
import { movable, type ProfileResult, resultOf } from "./result.ts";
import { elsewhereSeconds, nameRust, type RustCall, rustCalls } from "./rust-calls.ts";

/** What `%%profile` asks for. */
export interface ProfileRequest {
  readonly of: ProfileResult["of"];
  /** µs between samples of time. */
  readonly interval?: number;
}

/** How it ends. */
export interface ProfileEnd {
  /** Whether what was found is shown: not of a cell that failed. */
  readonly show: boolean;
  readonly out?: string;
  readonly samples?: PythonSamples;
}

interface Running {
  readonly profiler: V8Profiler;
  readonly of: ProfileResult["of"];
  /** Seconds for which Python was awaited before. */
  readonly python: number;
}

/** What was taken, and what is known beside it. */
interface Taken {
  readonly of: ProfileResult["of"];
  readonly profile: CpuProfile | HeapProfile;
  readonly scripts: ReadonlyMap<string, string>;
  readonly rust: readonly RustCall[];
  readonly python: number;
}

/** The profile that is taken now, and the one that waits to be shown. */
let running: Running | undefined;
let ended: Taken | undefined;

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

    /** Ends the profile, at once behind the cell: what others still have to end is not in it. */
    end(): void {
      if (!running) return;
      const { profiler, of, python } = running;
      running = undefined;
      const time = of === "time";
      const rust = time ? rustCalls.stop() : [];
      const profile = time ? nameRust(profiler.stopCpu(), rust) : profiler.stopHeap();
      ended = {
        of,
        profile,
        rust,
        scripts: time ? new Map() : profiler.scripts(),
        python: pythonSeconds() - python,
      };
      profiler.close();
    },

    /** Shows what was found, unless the cell failed. Returns the functions that could be moved to Rust, hottest first. */
    show({ show, out, samples }: ProfileEnd, context: EngineContext): readonly string[] {
      const found = ended;
      ended = undefined;
      if (!found || !show) return [];
      const { of, profile: taken, scripts, rust, python } = found;
      const around = surroundings(context);
      const tree = "head" in taken ? readHeap(taken, scripts, around) : readCpu(taken, around);
      const calls = mergeCalls(tree);
      const file = keep(
        taken,
        `${context.cell.file.replace(/\.\w+$/, "")}.${of === "time" ? "cpu" : "heap"}profile`,
        context.folder,
      );
      const elapsed = "head" in taken ? 0 : (taken.endTime - taken.startTime) / 1e6;
      const ofPython =
        samples && "stacks" in samples && mergeCalls(readStacks(samples.stacks, samples.rate, around));
      const result = resultOf(calls, {
        of,
        elapsed,
        python,
        elsewhere: elsewhereSeconds(rust),
        ...(ofPython && { ofPython }),
        file,
      });
      context.display(hotBundle(result, samples && "problem" in samples ? samples.problem : undefined));
      context.display(chartBundle(flameOf(calls, of)));
      if (ofPython && ofPython.root.total > 0) {
        context.display(pythonBundle(result));
        context.display(chartBundle(flameOf(ofPython, "time", "Where Python's time went")));
      }
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
