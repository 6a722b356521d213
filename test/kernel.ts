/**
 * Runs cells in a real kernel with a real engine, for tests of any part. The engine's bundles are built before the
 * test run by build-engine.ts.
 *
 *     await withKernel(folder, async (k) => {
 *       const r = await k.run("1 + 1");
 *       expect(r.result?.["text/plain"]).toBe("2");
 *     });
 */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AskForInput, CellError, CellOutput } from "../kernel/cells/cell.ts";
import { Kernel } from "../kernel/cells/kernel.ts";
import { createTypeService } from "../kernel/typescript/service/types.ts";
import type { MimeBundle } from "../kernel/wire/message.ts";

export interface Ran {
  number: number;
  status: "ok" | "error" | "aborted";
  result: MimeBundle | undefined;
  resultMetadata: Record<string, unknown> | undefined;
  stdout: string;
  stderr: string;
  /** In order; an update of a display replaces its data in place. */
  displays: { data: MimeBundle; metadata: Record<string, unknown> | undefined; id: string | undefined }[];
  error: CellError | undefined;
  /** What it asked the front end to put into a new cell. */
  nextInput: string | undefined;
  /** Everything in the order in which it came: `out:…`, `err:…`, `display`, `update`, `clear`, `result`. */
  order: string[];
}

export interface KernelOptions {
  /** Types are checked, at the cost of a process more; off if left out. */
  readonly types?: boolean;
  /** A person sits at the front end, and answers every question with nothing. */
  readonly attended?: boolean;
}

export class TestKernel {
  readonly kernel: Kernel;
  readonly #attended: boolean;

  constructor(folder: string, { types = false, attended = false }: KernelOptions = {}) {
    this.#attended = attended;
    const bundles = process.env.TANDEM_TEST_BUNDLES;
    if (!bundles) throw new Error("Tests that start an engine run under Vitest, whose set-up builds it.");
    this.kernel = new Kernel(folder, bundles, types ? createTypeService({ folder }) : undefined);
  }

  /** Starts a cell; the object fills while it runs, and goes on filling with late output. `input` answers its questions. */
  start(source: string, stopOnError = true, input?: AskForInput): { ran: Ran; done: Promise<Ran> } {
    const ran: Ran = {
      number: 0,
      status: "ok",
      result: undefined,
      resultMetadata: undefined,
      stdout: "",
      stderr: "",
      displays: [],
      error: undefined,
      nextInput: undefined,
      order: [],
    };
    const done = this.kernel
      .execute({
        source,
        storeHistory: true,
        stopOnError,
        output: collect(ran),
        started() {},
        ...(this.#attended && { input: async () => "" }),
        ...(input && { input }),
      })
      .then(async (outcome) => {
        await outcome.rest;
        ran.number = outcome.number;
        ran.status = outcome.status;
        if (outcome.status === "error") ran.error = outcome.error;
        return ran;
      });
    return { ran, done };
  }

  /** Runs a cell to its end. */
  run(source: string): Promise<Ran> {
    return this.start(source).done;
  }

  interrupt(): void {
    this.kernel.interrupt();
  }

  restart(): Promise<void> {
    return this.kernel.restart();
  }

  close(): Promise<void> {
    return this.kernel.close();
  }
}

/** Gives a kernel whose notebook stands in `folder`, and ends it. Without a folder: in an empty one, removed after. */
export async function withKernel<T>(
  folder: string | undefined,
  body: (kernel: TestKernel, folder: string) => Promise<T>,
  options?: KernelOptions,
): Promise<T> {
  const home = folder ?? realpathSync(mkdtempSync(join(tmpdir(), "tandem-test-")));
  const kernel = new TestKernel(home, options);
  try {
    return await body(kernel, home);
  } finally {
    await kernel.close();
    if (folder === undefined) rmSync(home, { recursive: true, force: true });
  }
}

function collect(ran: Ran): CellOutput {
  return {
    stream(name, text) {
      ran[name] += text;
      ran.order.push(`${name === "stdout" ? "out" : "err"}:${text}`);
    },
    display(data, metadata, id) {
      ran.displays.push({ data, metadata, id });
      ran.order.push("display");
    },
    updateDisplay(id, data, metadata) {
      for (const shown of ran.displays) if (shown.id === id) Object.assign(shown, { data, metadata });
      ran.order.push("update");
    },
    clear() {
      ran.order.push("clear");
    },
    result(data, metadata) {
      ran.result = data;
      ran.resultMetadata = metadata;
      ran.order.push("result");
    },
    nextInput(text) {
      ran.nextInput = text;
    },
    async drained() {},
  };
}
