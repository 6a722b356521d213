import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ran, TestKernel } from "../../test/kernel.ts";
import type { AskForInput } from "./cell.ts";

let k: TestKernel;
let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "tandem-magics-")));
  k = new TestKernel(folder, { types: true });
});
afterAll(async () => {
  await k.close();
  rmSync(folder, { recursive: true, force: true });
});

const result = (ran: Ran) => ran.result?.["text/plain"];
const read = (name: string) => readFileSync(join(folder, name), "utf8");

describe("cells that are shown as they stand", () => {
  test.each([
    ["html", "text/html", "<b>bold</b>\n<script>1 < 2</script>"],
    ["markdown", "text/markdown", "**bold** `code`\n\n- a"],
    ["svg", "image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ])("%%%s", async (name, type, body) => {
    const ran = await k.run(`%%${name}\n${body}`);
    expect(ran.displays).toEqual([
      { data: expect.objectContaining({ [type]: body }), metadata: undefined, id: undefined },
    ]);
    expect(ran.displays[0]?.data).toHaveProperty("text/plain");
    const kept = await k.run(`%%${name} --out text\n${body}`);
    expect([kept.displays, kept.stderr]).toEqual([[], ""]);
    expect(result(await k.run(`text === ${JSON.stringify(body)}`))).toBe("true");
    expect((await k.run("text.toFixed()")).stderr).toContain(
      "Property 'toFixed' does not exist on type 'string'",
    );
    expect((await k.run(`%%${name} words`)).error?.ename).toBe("UnexpectedText");
  });
});

describe("%%writefile", () => {
  test("replaces or appends, and says which", async () => {
    expect((await k.run("%%writefile a.txt\none\n%two\n!three")).stdout).toBe(`Wrote ${folder}/a.txt\n`);
    expect((await k.run("%%writefile -a a.txt\nfour\n")).stdout).toBe(`Appended to ${folder}/a.txt\n`);
    expect(read("a.txt")).toBe("one\n%two\n!three\nfour\n");
    expect((await k.run("%%writefile --out file 'a.txt'\nnew")).stdout).toBe(`Replaced ${folder}/a.txt\n`);
    expect(read("a.txt")).toBe("new\n");
    expect(result(await k.run("file"))).toBe(`'${folder}/a.txt'`);
  });

  test("keeps a file's permissions, and names what it cannot write", async () => {
    writeFileSync(join(folder, "run.sh"), "old", { mode: 0o755 });
    await k.run("%%writefile run.sh\necho new");
    expect(statSync(join(folder, "run.sh")).mode & 0o777).toBe(0o755);
    expect((await k.run("%sh ./run.sh")).stdout).toBe("new\n");
    for (const path of ["no/such/folder.txt", "."]) {
      expect((await k.run(`%%writefile ${path}\nx`)).error?.ename).toBe("CannotWrite");
    }
    expect((await k.run("%%writefile\nx")).error?.ename).toBe("MissingText");
  });

  test("writes modules that the next cell imports, anew when they changed", async () => {
    await k.run("%%writefile greet.ts\nexport const greet = (name: string) => 'Hello, ' + name");
    expect(result(await k.run('import { greet } from "./greet.ts"\ngreet("Ada")'))).toBe("'Hello, Ada'");
    await k.run("%%writefile greet.ts\nexport const greet = (name: string) => 'Bye, ' + name");
    expect(result(await k.run('import { greet } from "./greet.ts"\ngreet("Ada")'))).toBe("'Bye, Ada'");
  });
});

describe("%%javascript", () => {
  test("shares variables with TypeScript cells, unchecked, with the cell's own lines", async () => {
    const ran = await k.run("%%javascript\nvar bag = {}\nbag.x = 1\nbag.nope.nope = 2");
    expect(ran.error?.ename).toBe("TypeError");
    expect(ran.error?.traceback.join("\n")).toMatch(/cell-\d+\.ts:4:\d+/);
    expect(ran.stderr).toBe("");
    expect(result(await k.run("%%javascript --out sum\nbag.y = 2\nbag.x + bag.y"))).toBeUndefined();
    const after = await k.run("sum + 1");
    expect([result(after), after.stderr]).toEqual(["4", ""]);
  });
});

describe("%%time and %time", () => {
  const line = /^Time: [\d.]+ (?:ns|µs|ms|s) {3}Processor: .* \(user .*, system .*\)\n$/;

  test("tell how long the cell ran, and show its value", async () => {
    const ran = await k.run("%%time\nawait new Promise((done) => setTimeout(done, 120))\n'done'");
    expect(result(ran)).toBe("'done'");
    expect(ran.stdout).toMatch(line);
    expect(Number.parseFloat(ran.stdout.slice("Time: ".length))).toBeGreaterThanOrEqual(119);
    expect(ran.stdout).toContain(" ms ");
  });

  test("declare what the statement declares, and what --out names, with their types", async () => {
    const ran = await k.run(
      "%time const list: number[] = [1, 2, 3]\n%time --out total list.reduce((a, b) => a + b)",
    );
    expect([ran.result, ran.stderr]).toEqual([undefined, ""]);
    expect((await k.run("%time --out sum 1 + 2\nsum.toFixed()")).stderr).toBe("");
    const used = await k.run("%%time --out twice\nconst x = total * 2;\nx;\n");
    expect([used.result, used.stderr, used.error]).toEqual([undefined, "", undefined]);
    const wrong = await k.run("twice.toUpperCase(), list.foo, total.bar");
    for (const name of ["toUpperCase", "foo", "bar"])
      expect(wrong.stderr).toContain(`Property '${name}' does not exist`);
  });

  test("an error has its place in the cell, and its time", async () => {
    const ran = await k.run("1\n%time  missing()");
    expect(ran.error?.traceback.at(-1)).toMatch(/cell-\d+\.ts:2:8/);
    expect(ran.stdout).toMatch(line);
    expect((await k.run("%%time\n\nmissing()")).error?.traceback.at(-1)).toMatch(/cell-\d+\.ts:3:1/);
    expect((await k.run("%time const")).error?.ename).toBe("SyntaxError");
  });

  test("of a cell with commands tell the whole", async () => {
    const { stdout } = await k.run("%%time\n%sh sleep 0.15; echo a");
    const [text, time = ""] = stdout.split("\n");
    expect(text).toBe("a");
    expect(Number.parseFloat(time.slice("Time: ".length))).toBeGreaterThan(140);
  });
});

describe("%timeit", () => {
  test("measures by rounds of calls", async () => {
    await k.run("const numbers = Array.from({ length: 1000 }, (_, i) => i)");
    const ran = await k.run("%timeit --out figures numbers.reduce((a, b) => a + b)");
    expect(ran.error).toBeUndefined();
    expect(ran.stdout).toMatch(/ per call \(median of \d+ rounds of [\d,]+ calls; 95 % interval .*\)\n/);
    const { stderr } = await k.run(
      "if (figures.samples.length < 7 || figures.calls < 10) throw new Error(String(figures.calls))\n" +
        "const [low, high] = figures.interval!\nif (!(low <= figures.median && figures.median <= high)) throw new Error('interval')\n" +
        // A sum of 1000 numbers takes more than 10 ns and less than 1 ms on anything.
        "if (figures.median < 1e-8 || figures.median > 1e-3) throw new Error(String(figures.median))",
    );
    expect(stderr).toBe("");
  });

  test("takes calls and rounds, awaits promises, keeps what it declares to itself", async () => {
    await k.run("let called = 0");
    expect((await k.run("%timeit -n 5 -r 3 const y = ++called; y")).stdout).toContain(
      "median of 3 rounds of 5 calls)",
    );
    expect(result(await k.run("[called, typeof y]"))).toBe("[ 16, 'undefined' ]");
    const ran = await k.run(
      "%timeit -n 1 -r 2 --out slept await new Promise((done) => setTimeout(done, 20))",
    );
    expect(ran.error).toBeUndefined();
    expect(result(await k.run("slept.median > 0.019 && slept.interval === null"))).toBe("true");
    expect((await k.run("%timeit -n 0 called")).error?.ename).toBe("OptionNumber");
    expect((await k.run("\n%timeit missing()")).error?.traceback.join("\n")).toMatch(/cell-\d+\.ts:2:9/);
  });

  test("is ended by an interrupt; the state stays", async () => {
    const { done } = k.start("%timeit -r 100000 numbers.length");
    await sleep(300);
    k.interrupt();
    expect((await done).error?.ename).toBe("Interrupted");
    expect(result(await k.run("numbers.length"))).toBe("1000");
  });
});

test("%who lists names, types and sizes", async () => {
  await k.run(
    "class Point { x = 1 }\nconst point = new Point(), floats = new Float64Array(1000), map = new Map([[1, 2]])\n" +
      "%sh --out words echo hello\nlet getter = { get boom() { throw new Error('touched') } }; let nothing = null",
  );
  const { stdout } = await k.run("%who");
  for (const row of [
    /^name +type +size +value$/m,
    /^point +Point +1 entry +Point \{ x: 1 \}$/m,
    /^floats +Float64Array +8 kB/m,
    /^map +Map +1 entry +Map\(1\) \{ 1 => 2 \}$/m,
    /^words +string +5 characters +'hello'$/m,
    /^getter +Object +1 entry +\{ boom: \[Getter\] \}$/m,
    /^nothing +null +null$/m,
  ]) {
    expect(stdout).toMatch(row);
  }
  expect((await k.run("%who Map point")).stdout.split("\n").map((row) => row.split(" ")[0])).toEqual([
    "name",
    "map",
    "point",
    "",
  ]);
  expect((await k.run("%who Nonsense")).stdout).toBe("No variables of these types or names.\n");
});

describe("%run", () => {
  test("runs a file's text as the notebook's own", async () => {
    writeFileSync(
      join(folder, "helpers.ts"),
      "#!/usr/bin/env node\nconst secret: number = 40\nexport function help(n: number) { return secret + n }\n",
    );
    const ran = await k.run("%run helpers.ts\nhelp(2)");
    expect([result(ran), ran.stderr]).toEqual(["42", ""]);
    expect((await k.run("help('x'), secret")).stderr).toContain(
      "not assignable to parameter of type 'number'",
    );
    writeFileSync(join(folder, "bad.ts"), "\n\nthrow new Error('in the file')");
    expect((await k.run("%run bad.ts")).error?.traceback.join("\n")).toContain("at bad.ts:3:7");
  });

  test("runs a notebook's code cells, magics included, to the first that fails", async () => {
    const cell = (source: string, cell_type = "code") => ({
      cell_type,
      source,
      metadata: {},
      outputs: [],
      execution_count: null,
    });
    const cells = [
      cell("# text", "markdown"),
      cell("const fromNotebook = 1"),
      cell("%%sh --out said\necho hi"),
      cell("fromNotebook + said"),
    ];
    writeFileSync(
      join(folder, "other.ipynb"),
      JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }),
    );
    const ran = await k.run("%run other.ipynb\nfromNotebook + said.length");
    expect([result(ran), ran.stderr]).toEqual(["3", ""]);
    writeFileSync(
      join(folder, "failing.ipynb"),
      JSON.stringify({
        nbformat: 4,
        nbformat_minor: 5,
        metadata: {},
        cells: [cell("throw new Error('first')"), cell("globalThis.second = 1")],
      }),
    );
    expect((await k.run("%run failing.ipynb")).error?.traceback.join("\n")).toContain("failing.ipynb-1.ts:1");
    expect(result(await k.run("typeof second"))).toBe("'undefined'");
  });

  test("names what it cannot run", async () => {
    writeFileSync(join(folder, "circle.ts"), "%run circle.ts\n");
    expect((await k.run("%run circle.ts")).error?.ename).toBe("RunsItself");
    expect((await k.run("%run nothing.ts")).error?.ename).toBe("NoSuchFile");
    expect((await k.run("%run a.txt")).error?.ename).toBe("NotRunnable");
    expect((await k.run("%run nothing.ipynb")).error?.ename).toBe("NoNotebook");
  });
});

/** Runs a cell where a person answers. */
async function asked(
  source: string,
  answer: string,
): Promise<{ stdout: string; error: string | undefined; prompts: string[] }> {
  const prompts: string[] = [];
  const input: AskForInput = async (prompt) => {
    prompts.push(prompt);
    return answer;
  };
  let stdout = "";
  const none = () => {};
  const output = {
    stream: (name: string, text: string) => {
      if (name === "stdout") stdout += text;
    },
    display: none,
    updateDisplay: none,
    clear: none,
    result: none,
    drained: async () => {},
  };
  const request = { source, storeHistory: true, stopOnError: true, output, input, started: none };
  const outcome = await k.kernel.execute(request);
  return { stdout, error: outcome.status === "error" ? outcome.error.ename : undefined, prompts };
}

describe("%history and %save", () => {
  const own = async (body: (one: TestKernel) => Promise<void>) => {
    const one = new TestKernel(folder);
    try {
      await body(one);
    } finally {
      await one.close();
    }
  };

  test("show and write the cells that ran", () =>
    own(async (one) => {
      for (const source of ["const a = 1", "%sh true\na + 1", "%%sh\ntrue", "a + 2"]) await one.run(source);
      expect((await one.run("%history 1 4")).stdout).toBe("const a = 1\na + 2\n");
      expect((await one.run("%history -o -n 4")).stdout).toBe("// 1/4\na + 2\n// 3\n");
      expect((await one.run("%history -g 'a + ?'")).stdout).toBe(
        "// 1/2\n%sh true\na + 1\n// 1/4\na + 2\n// 1/5\n%history 1 4\n".replace(/\/\/ 1\/5.*\n.*\n$/, ""),
      );
      expect((await one.run("%history -l 1")).stdout).toBe("%history -g 'a + ?'\n");
      expect((await one.run("%history x-2")).error?.ename).toBe("CellRange");
      expect((await one.run("%save saved 1-4")).stdout).toBe(`4 cells written to ${folder}/saved.ts\n`);
      expect(read("saved.ts")).toBe("const a = 1\n\n// %sh true\na + 1\n\n// %%sh\n// true\n\na + 2\n");
      expect((await one.run("%save saved 1")).error?.ename).toBe("FileThere");
      await one.run("%save -a saved.ts 1");
      expect(read("saved.ts")).toMatch(/a \+ 2\n\nconst a = 1\n$/);
      await one.run("%save -f 'saved.ts' 1");
      expect(read("saved.ts")).toBe("const a = 1\n");
      expect((await one.run("%save -f saved.ts 99")).error?.ename).toBe("NoCells");
      expect(read("saved.ts")).toBe("const a = 1\n");
    }));

  test("%save asks before it replaces", async () => {
    writeFileSync(join(folder, "mine.ts"), "old");
    expect((await asked("%save mine.ts 1", "n")).error).toBe("FileThere");
    expect(read("mine.ts")).toBe("old");
    const { error, prompts } = await asked("%save mine.ts 1", "y");
    expect([error, prompts]).toEqual([undefined, [`Replace ${folder}/mine.ts? (y/n) `]]);
    expect(read("mine.ts")).not.toBe("old");
  });
});

describe("%reset", () => {
  test("asks, and needs -f where nobody answers", async () => {
    await k.run("var kept = 1");
    expect((await k.run("%reset")).error?.ename).toBe("ResetUnasked");
    expect((await asked("%reset", "no")).stdout).toBe("Nothing was forgotten.\n");
    expect(result(await k.run("kept"))).toBe("1");
    expect((await asked("%reset", " Yes ")).error).toBeUndefined();
    expect(result(await k.run("typeof kept"))).toBe("'undefined'");
  });

  test("forgets all, types and Python too; the cell and the counts go on", async () => {
    await k.run("const gone = 1");
    await k.run("%%python\nsnake = 1");
    const before = (await k.run("1")).number;
    const ran = await k.run("%reset -f\ntypeof gone");
    expect([result(ran), ran.number, ran.error]).toEqual(["'undefined'", before + 1, undefined]);
    // A check that takes longer than a cell waits for it is not told: on a busy machine the next one is.
    await expect
      .poll(async () => (await k.run("gone")).stderr, { timeout: 30_000 })
      .toContain("Cannot find name 'gone'");
    expect((await k.run("%%python\nsnake")).error?.ename).toBe("NameError");
    expect((await k.run("%who")).stdout).toBe("No variables.\n");
  });
});
