import { describe, expect, it } from "vitest";
import { bySide } from "./collections.ts";
import { runExternal, withoutExternals } from "./external.ts";
import { parseSides } from "./sides.ts";

describe("sides that are no code of the notebook", () => {
  it("are read line by line, between sides that are", () => {
    const source =
      "%%bench\nconst n = 3\nts: f(n)\nsorted: %sh sort -u words.txt\nhome: GET http://localhost:1/a?b=c;\nneg: !n";
    const { sides } = parseSides(source, "cell-1.ts");
    expect(sides.map(({ name, external }) => [name, external])).toEqual([
      ["ts", undefined],
      ["sorted", { kind: "shell", command: "sort -u words.txt" }],
      ["home", { kind: "http", method: "GET", url: "http://localhost:1/a?b=c" }],
      ["neg", undefined],
    ]);
  });

  it("leave other lines as they are", () => {
    const text = "a: x % sh\nb: y\n// c: %sh no\nconst s = `d: 1`";
    expect(withoutExternals(text).text).toBe(text);
  });

  const going = new AbortController().signal;

  it("a command ends with the interrupt", async () => {
    const stop = new AbortController();
    const endless = runExternal({ kind: "shell", command: "sleep 1000" }, ".", stop.signal);
    setTimeout(() => stop.abort(), 50);
    await expect(endless).rejects.toThrow(/abort/i);
  });

  it("a command gives what it prints; one that fails says with what", async () => {
    const node = JSON.stringify(process.execPath);
    expect(await runExternal({ kind: "shell", command: `${node} -e "console.log(1 + 1)"` }, ".", going)).toBe(
      "2\n",
    );
    const failing = runExternal(
      { kind: "shell", command: `${node} -e "console.error('oh'); process.exit(3)"` },
      ".",
      going,
    );
    await expect(failing).rejects.toThrow(/ended with status 3.*oh/s);
  });
});

describe("collections", () => {
  it("count for the side during which they began", () => {
    const periods = [
      { side: 0, start: 0, end: 10 },
      { side: 1, start: 12, end: 20 },
    ];
    const collections = [1, 9.9, 11, 12, 25].map((startTime) => ({ startTime, duration: 2 }));
    expect([...bySide(periods, collections)]).toEqual([
      [0, { count: 2, seconds: 0.004 }],
      [1, { count: 1, seconds: 0.002 }],
    ]);
  });
});
