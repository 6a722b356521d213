import { existsSync } from "node:fs";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyRounds } from "../../kernel/measure/rounds.ts";
import { summarise } from "../../kernel/measure/summary.ts";

const browserPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);

/** Names that would be markup if anything took them for it. */
const hostile = '<img src=x onerror="document.title=1">';

function result() {
  const rounds = emptyRounds(2);
  rounds.completed = 30;
  rounds.elapsed = 5;
  for (const [index, track] of rounds.tracks.entries()) {
    for (let round = 0; round < 30; round++) track.perCall.push((index === 1 ? 1 : 2) + (round % 5) / 1000);
    track.calls = 30;
  }
  return summarise(rounds, {
    sides: [
      { name: "typescript", loop: "typescript" },
      { name: hostile, loop: "rust" },
    ],
    notRun: [{ name: "python", why: `no Python: ${hostile}` }],
    difference: null,
    ended: "precision",
    conditions: {
      budget: 20,
      precision: 0.01,
      tolerance: "4 ULP",
      foreign: 0,
      cores: 2,
      processor: "CPU",
      seed: 1,
    },
    versions: { Node: "20" },
  });
}

describe.skipIf(!browserPath)("the renderer, in Chromium", () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: 'import { activate } from "./main.ts"; globalThis.renderer = activate({});',
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      write: false,
    });
    browser = await chromium.launch({
      ...(browserPath && { executablePath: browserPath }),
      args: ["--no-sandbox"],
    });
    page = await browser.newPage({ viewport: { width: 700, height: 900 } });
    await page.setContent("<title>page</title><main></main>");
    await page.addScriptTag({ content: outputFiles[0]?.text ?? "" });
  });
  afterAll(() => browser?.close());

  async function render(text: string): Promise<void> {
    await page.evaluate((data) => {
      const { renderer } = globalThis as unknown as { renderer: Renderer };
      renderer.renderOutputItem({ id: "1", text: () => data }, document.querySelector("main"));
    }, text);
  }
  interface Renderer {
    renderOutputItem(item: { id: string; text(): string }, element: Element | null): void;
    disposeOutputItem(id?: string): void;
  }

  it("draws the chart as wide as there is room, again when that changes", async () => {
    await render(JSON.stringify(result()));
    const width = () => page.locator("svg").getAttribute("width");
    expect(Number(await width())).toBeGreaterThan(650);
    await page.setViewportSize({ width: 500, height: 900 });
    await expect.poll(width).toMatch(/^4\d\d$/);
    await page.setViewportSize({ width: 700, height: 900 });
  });

  it("takes no text for markup", async () => {
    await render(JSON.stringify(result()));
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.title()).toBe("page");
    expect(await page.locator("svg").textContent()).toContain(hostile.slice(0, 10));
  });

  it("says a bar's figures on hovering", async () => {
    await render(JSON.stringify(result()));
    const tooltip = page.locator(".tandem-tooltip");
    expect(await tooltip.isVisible()).toBe(false);
    await page.locator('[data-row="0"] rect').hover();
    expect(await tooltip.textContent()).toMatch(/^typescript: 2\.\d+ s a call .*; 30 rounds, /);
    await page.locator("svg").hover({ position: { x: 5, y: 5 } });
    expect(await tooltip.isVisible()).toBe(false);
  });

  it("shows the figures as a table, at a button", async () => {
    await render(JSON.stringify(result()));
    const table = page.locator("table");
    expect(await table.isVisible()).toBe(false);
    await page.getByRole("button", { name: "Show table" }).click();
    expect(await table.isVisible()).toBe(true);
    const rows = await table.locator("tbody tr").allTextContents();
    expect(rows).toHaveLength(3);
    expect(rows[1]).toContain(hostile);
    expect(rows[2]).toContain("not run");
    await page.getByRole("button", { name: "Hide table" }).click();
    expect(await table.isVisible()).toBe(false);
  });

  it.each([
    ["what is no JSON", "{", /holds no result that can be drawn/],
    ["another's JSON", '{"a":1}', /holds no result that can be drawn/],
    ["a newer format", '{"kind":"bench","version":9}', /newer Tandem/],
  ])("says so where the output is %s", async (_, text, message) => {
    await render(text);
    expect(await page.locator("main").textContent()).toMatch(message);
  });

  it("forgets an output that is gone", async () => {
    await render(JSON.stringify(result()));
    await page.evaluate(() => {
      const { renderer } = globalThis as unknown as { renderer: Renderer };
      renderer.disposeOutputItem("1");
      renderer.disposeOutputItem();
    });
    expect(await page.locator(".tandem-tooltip").count()).toBe(0);
  });
});
