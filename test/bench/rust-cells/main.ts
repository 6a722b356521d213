// `npm run bench -- rust-cells`: %%rust cells in the editor. From an edit to rustc's first word, the pause of typing included;
// rust-analyzer's start, answers and memory.
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LanguageClient, type OpenedNotebook } from "../../language-client.ts";
import { processes } from "../harness/processes.ts";

const ROUNDS = 9;
process.env.TANDEM_TEST_BUNDLES = join(import.meta.dirname, "../../../dist");
const folder = realpathSync(mkdtempSync(join(tmpdir(), "tandem-bench-")));
const client = new LanguageClient(folder);
const rust = (text: string) => ({ language: "rust", text: `%%rust\n${text}` });

void measure();

async function measure(): Promise<void> {
  try {
    await client.initialize({});
    const nb = client.open([
      rust("pub struct Point { pub x: f64, pub y: f64 }\npub fn area(p: &Point) -> f64 { p.x * p.y }"),
      rust("pub fn f(p: &Point) -> f64 { area(p) }"),
    ]);
    const first = await untilError(nb, 1, "first");
    console.log(`the first diagnostic of a server: ${first.toFixed(0)} ms`);
    const edited: number[] = [];
    for (let round = 0; round < ROUNDS; round++) edited.push(await untilError(nb, 1, `round_${round}`));
    console.log(
      `edit → diagnostic, 400 ms of pause included: ${median(edited).toFixed(0)} ms (median of ${ROUNDS})`,
    );

    const place = { cell: 1, line: 1, character: 30 };
    nb.edit(1, "%%rust\npub fn f(p: &Point) -> f64 { area(p) }");
    const started = performance.now();
    await nb.hover(place);
    console.log(
      `rust-analyzer, from nothing to the first hover: ${(performance.now() - started).toFixed(0)} ms`,
    );
    const [cold] = await completions(nb, 1);
    console.log(`its first completion: ${cold?.toFixed(0)} ms`);
    const warm = await completions(nb, ROUNDS);
    console.log(`completion after an edit: ${median(warm).toFixed(0)} ms (median of ${ROUNDS})`);
    const analyzer = processes().find(
      ({ pid, parent }) => parent === client.process.pid && nameOf(pid).startsWith("rust-analyzer"),
    )?.pid;
    console.log(
      `memory of rust-analyzer: ${memoryOf(analyzer)} MiB; of the server: ${memoryOf(client.process.pid)} MiB`,
    );
  } finally {
    await client.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** ms from an edit to the error in it. */
async function untilError(nb: OpenedNotebook, cell: number, name: string): Promise<number> {
  const started = performance.now();
  nb.edit(cell, `%%rust\npub fn f(p: &Point) -> f64 { area(p) + ${name} }`);
  await nb.diagnosed(cell, ({ message }) => JSON.stringify(message).includes(name));
  return performance.now() - started;
}

async function completions(nb: OpenedNotebook, rounds: number): Promise<number[]> {
  const all: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const at = nb.edit(1, `%%rust\npub fn f${round}(p: &Point) -> f64 { p.‸ }`);
    const started = performance.now();
    const list = await nb.complete(at, ".");
    if (!list?.items.some(({ label }) => label === "x")) throw new Error("It was not completed.");
    all.push(performance.now() - started);
  }
  return all;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function nameOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, "utf8");
}

/** Resident, where there is a /proc. */
function memoryOf(pid: number | undefined): string {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024).toFixed(0);
  } catch {
    return "?";
  }
}
