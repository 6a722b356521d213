/** Deaths of the engine and of what stands beside it: the cell says what died and why, the kernel goes on. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel, withKernel } from "../kernel.ts";
import { hasRust } from "../rust-kernel.ts";

const linux = process.platform === "linux";
const wait = "await new Promise(() => {})";

/** The living children of a process whose command line matches. */
function childrenOf(parent: number, command: RegExp): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const [state, ppid] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const line = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
      return Number(ppid) === parent && state !== "Z" && command.test(line) ? [Number(name)] : [];
    } catch {
      return []; // It has ended meanwhile.
    }
  });
}

describe("an engine that dies", () => {
  let k: TestKernel;
  beforeAll(() => {
    k = new TestKernel(process.cwd());
  });
  afterAll(() => k.close());

  const signals: Readonly<Record<string, RegExp>> = {
    SIGSEGV: /used memory that is not its own.*\(SIGSEGV\)/,
    SIGABRT: /gave up.*\(SIGABRT\)/,
    SIGTRAP: /stopped itself.*\(SIGTRAP\)/,
    SIGILL: /instruction.*\(SIGILL\)/,
    SIGBUS: /memory that is not there.*\(SIGBUS\)/,
    SIGFPE: /division by zero.*\(SIGFPE\)/,
    SIGTERM: /asked to end.*\(SIGTERM\)/,
    SIGKILL: /killed.*memory runs out.*\(SIGKILL\)/,
  };
  for (const [signal, why] of Object.entries(signals)) {
    test.skipIf(process.platform === "win32")(`by ${signal}: the cell says what that means`, async () => {
      const ran = await k.run(`console.log("before"); process.kill(process.pid, "${signal}"); ${wait}`);
      expect(ran.stdout).toBe("before\n");
      expect(ran.error?.ename).toBe("EngineDied");
      expect(ran.error?.evalue).toMatch(why);
      expect((await k.run("1 + 1")).result).toEqual({ "text/plain": "2" });
    });
  }

  test("by an abort of Node's own names the cell's line", async () => {
    const ran = await k.run("let x = 1;\n\nprocess.abort()");
    expect(ran.error?.evalue).toMatch(
      new RegExp(`gave up.*SIGABRT.*It was at cell-${ran.number}\\.ts:3:9\\.`),
    );
  });

  test("of one growing array", { timeout: 180_000 }, async () => {
    const ran = await k.run("const all: number[] = [];\nfor (;;) all.push(1)");
    expect(ran.error?.evalue).toMatch(/One array grew larger than JavaScript allows|heap was full/);
  });

  test("with the last lines that it wrote", async () => {
    const ran = await k.run(
      `require("fs").writeSync(2, "what it said last\\n"); process.kill(process.pid, "SIGSEGV"); ${wait}`,
    );
    expect(ran.stderr).toBe("what it said last\n");
    expect(ran.error?.evalue).toMatch(/Its last lines were:\nwhat it said last\n/);
  });

  test("in the middle of output: what was said is there", async () => {
    const ran = await k.run(
      `console.log("x".repeat(300_000)); console.error("end"); display("shown"); process.kill(process.pid, "SIGKILL"); ${wait}`,
    );
    expect(ran.stdout.length).toBe(300_001);
    expect(ran.stderr).toBe("end\n");
    expect(ran.displays).toHaveLength(1);
    expect(ran.error?.ename).toBe("EngineDied");
  });

  test("twice in a row, and a third time", async () => {
    for (let i = 0; i < 3; i++) {
      expect((await k.run(`process.kill(process.pid, "SIGKILL"); ${wait}`)).error?.ename).toBe("EngineDied");
    }
    expect((await k.run("2")).result).toEqual({ "text/plain": "2" });
  });

  test.runIf(linux)("from outside, while idle: its last cell says so", async () => {
    const ran = await k.run("process.pid");
    execFileSync("kill", ["-9", String(ran.result?.["text/plain"])]);
    while (!ran.stderr.includes("%recover")) await sleep(5);
    expect(ran.stderr).toMatch(/killed.*\(SIGKILL\)/);
    expect((await k.run("2")).result).toEqual({ "text/plain": "2" });
  });

  test("in a timer, after its cell: that cell says so", async () => {
    const { ran, done } = k.start(`setTimeout(() => process.kill(process.pid, "SIGKILL"), 50)`);
    await done;
    while (!ran.stderr.includes("%recover")) await sleep(5);
    expect((await k.run("3")).result).toEqual({ "text/plain": "3" });
  });

  test("not, where only the stack overflows: an ordinary error, and the state is kept", async () => {
    await k.run("let kept = 1");
    const ran = await k.run("const deep = (): number => 1 + deep();\ndeep()");
    expect(ran.error).toMatchObject({ ename: "RangeError", evalue: "Maximum call stack size exceeded" });
    expect((await k.run("kept")).result).toEqual({ "text/plain": "1" });
  });

  for (const growing of [
    "const m = new Map(); for (let i = 0; ; i++) m.set(i, i)",
    "let s = 'x'; for (;;) s += s",
  ]) {
    test(`not, where JavaScript has a limit: ${growing}`, { timeout: 180_000 }, async () => {
      await k.run("var kept = 1");
      const ran = await k.run(growing);
      expect(ran.error?.ename).toBe("RangeError");
      expect((await k.run("kept")).result).toEqual({ "text/plain": "1" });
    });
  }

  test.runIf(hasRust)("by a wrong pointer in Rust", { timeout: 120_000 }, async () => {
    await k.run("%%rust\npub fn wrong() -> i32 { unsafe { *(8 as *const i32) } }");
    const ran = await k.run("wrong()");
    expect(ran.error?.evalue).toMatch(/wrong pointer.*\(SIGSEGV\)/);
    expect((await k.run("typeof wrong")).result).toEqual({ "text/plain": "'undefined'" });
  });

  test.runIf(hasRust)("by a recursion in Rust", { timeout: 120_000 }, async () => {
    await k.run(
      "%%rust\npub fn deep(n: u64) -> u64 { let a = std::hint::black_box([n; 64]); if n == 0 { 0 } else { 1 + a[0] - n + deep(n - 1) } }",
    );
    const ran = await k.run("deep(100_000_000n)");
    expect(ran.error?.evalue).toMatch(/stack was full.*\(SIG(?:SEGV|ABRT)\)/);
  });
});

test.runIf(hasRust)(
  "an endless loop in Rust is told of after an interrupt, then ends with its engine",
  { timeout: 120_000 },
  () =>
    withKernel(undefined, async (k) => {
      await k.run("%%rust\npub fn forever() { loop { std::hint::black_box(1); } }");
      const { ran, done } = k.start("console.log('go'); forever()");
      while (!ran.stdout) await sleep(5);
      k.interrupt();
      expect((await done).error?.evalue).toMatch(/did not heed an interrupt/);
      expect(ran.stderr).toMatch(/Native code.*In 5 seconds the engine is ended/);
      await k.run("%recover");
      expect((await k.run("typeof forever")).result).toEqual({ "text/plain": "'function'" });
    }),
);

describe.runIf(linux)("what stands beside the engine", () => {
  test("an engine that is killed while it starts is started again", () =>
    withKernel(undefined, async (k) => {
      for (let i = 0; i < 200 && childrenOf(process.pid, /engine\.cjs/).length === 0; i++) await sleep(1);
      for (const pid of childrenOf(process.pid, /engine\.cjs/)) process.kill(pid, "SIGKILL");
      const first = await k.run("1");
      const ran = first.error ? await k.run("1") : first;
      expect(ran.result).toEqual({ "text/plain": "1" });
    }));

  test("a spare that is killed is not missed", () =>
    withKernel(undefined, async (k) => {
      const engine = Number((await k.run("process.pid")).result?.["text/plain"]);
      const others = () => childrenOf(process.pid, /engine\.cjs/).filter((pid) => pid !== engine);
      while (others().length === 0) await sleep(20);
      for (const pid of others()) process.kill(pid, "SIGKILL");
      expect((await k.run("let n = 2; n")).result).toEqual({ "text/plain": "2" });
      await k.run(`process.kill(process.pid, "SIGKILL"); ${wait}`);
      expect((await k.run("3")).result).toEqual({ "text/plain": "3" });
    }));

  test("TypeScript's server that is killed costs no cell, and comes back", { timeout: 120_000 }, () =>
    withKernel(
      undefined,
      async (k) => {
        expect((await k.run("const a: string = 1")).stderr).toMatch(/TS2322/);
        const servers = childrenOf(process.pid, /--lsp|tsgo|lib\/tsc/);
        expect(servers.length).toBeGreaterThan(0);
        for (const pid of servers) process.kill(pid, "SIGKILL");
        expect((await k.run("1 + 1")).result).toEqual({ "text/plain": "2" });
        let { stderr } = await k.run("const b: string = 1");
        if (!stderr) ({ stderr } = await k.run("const c: string = 1"));
        expect(stderr).toMatch(/TS2322/);
      },
      { types: true },
    ),
  );
});
