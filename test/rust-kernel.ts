/**
 * A real kernel whose Rust cells are compiled by the real rustc, for the tests of one `describe`:
 *
 *     describe.skipIf(!hasRust)("…", () => {
 *       const rust = useRustKernel("tandem-rust-types-", { types: true });
 *       it("…", async () => {
 *         await rust.define("pub fn two() -> u32 { 2 }");
 *         expect(await rust.text("two()")).toBe("2");
 *       });
 *     });
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { findToolchain } from "../kernel/rust/toolchain.ts";
import { type KernelOptions, TestKernel } from "./kernel.ts";

/** Whether there is a Rust to test with. */
export const hasRust: boolean = await findToolchain().then(
  () => true,
  () => false,
);

export interface RustKernel {
  /** The notebook's folder; the cache is in it, as `cache`, unless it is shared. */
  readonly folder: string;
  /** There once the tests run. */
  readonly k: TestKernel;
  /** The result of a cell that must not fail, as plain text. */
  text(source: string): Promise<unknown>;
  /** What a cell that is to fail says. */
  failure(source: string): Promise<string>;
  /** Runs a %%rust cell that must not fail. Returns what it said on stderr. */
  define(source: string): Promise<string>;
}

export interface RustKernelOptions extends KernelOptions {
  /** Where the notebook's folder is made; the system's temporary folder if left out. */
  readonly parent?: string;
  /** The cache is that of the whole test run, in which crates are built once for all files. */
  readonly sharedCache?: boolean;
}

/** Starts the kernel before the tests of the surrounding `describe`, and ends it behind them. */
export function useRustKernel(prefix: string, options: RustKernelOptions = {}): RustKernel {
  const folder = mkdtempSync(join(options.parent ?? tmpdir(), prefix));
  let k: TestKernel;
  beforeAll(() => {
    process.env.TANDEM_CACHE =
      (options.sharedCache && process.env.TANDEM_TEST_CACHE) || join(folder, "cache");
    k = new TestKernel(folder, options);
  });
  afterAll(async () => {
    await k.close();
    delete process.env.TANDEM_CACHE;
    rmSync(folder, { recursive: true, force: true });
  });
  const whole = async (source: string) => {
    const ran = await k.run(source);
    expect(ran.error?.traceback.join("\n")).toBeUndefined();
    return ran;
  };
  return {
    folder,
    get k() {
      return k;
    },
    text: async (source) => (await whole(source)).result?.["text/plain"],
    failure: async (source) => (await k.run(source)).error?.traceback.join("\n") ?? "no error",
    define: async (source) => (await whole(`%%rust\n${source}`)).stderr,
  };
}
