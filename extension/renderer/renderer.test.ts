import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examples } from "../../kernel/display/chart/examples.ts";
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

  async function render(text: string, mime = "application/vnd.tandem.timing+json"): Promise<void> {
    await page.evaluate(
      ([data = "", mime = ""]) => {
        const { renderer } = globalThis as unknown as { renderer: Renderer };
        renderer.renderOutputItem({ id: "1", mime, text: () => data }, document.querySelector("main"));
      },
      [text, mime],
    );
  }
  interface Renderer {
    renderOutputItem(item: { id: string; mime: string; text(): string }, element: Element | null): void;
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

  describe("of a chart", () => {
    const show = (name: string) =>
      render(JSON.stringify(examples[name]), "application/vnd.tandem.chart+json");
    const ticks = async () => (await page.locator("svg text").allTextContents()).join(" ");

    it.each(Object.keys(examples))("%s is legible in every theme", async (name) => {
      for (const [theme, colours] of Object.entries(themes)) {
        await page.evaluate((style) => document.documentElement.setAttribute("style", style), colours);
        await show(name);
        await page.locator("main").screenshot({ path: `artifacts/charts/${name}-${theme}.png` });
        // The theme's colours are those of the texts.
        const colour = await page
          .locator("svg text")
          .first()
          .evaluate((text) => getComputedStyle(text).fill);
        expect(colour).toBe(expected[theme]);
      }
      await page.evaluate(() => document.documentElement.removeAttribute("style"));
    });

    it("says a mark's figures on hovering", async () => {
      await show("lines");
      await page.locator("svg [data-tip]").first().hover();
      expect(await page.locator(".tandem-tooltip").textContent()).toMatch(
        /^clone: 21\.0 µs \(19\.0 µs–26\.0 µs\) at Size/,
      );
    });

    it("shows a part by dragging, by the wheel with Ctrl and by keys, and the whole again", async () => {
      await show("gantt");
      const whole = await ticks();
      const box = await page.locator("svg").boundingBox();
      if (!box) throw new Error("The chart has no place.");
      const y = box.y + box.height / 2;
      await page.mouse.move(box.x + 200, y);
      await page.mouse.down();
      await page.mouse.move(box.x + 300, y);
      await page.mouse.up();
      const dragged = await ticks();
      expect(dragged).not.toBe(whole);
      await page.getByRole("button", { name: "Whole chart" }).click();
      expect(await ticks()).toBe(whole);
      await page.mouse.move(box.x + 300, y);
      const wheeled = () =>
        page.evaluate(
          () => new Promise<void>((done) => addEventListener("wheel", () => done(), { once: true })),
        );
      await Promise.all([wheeled(), page.mouse.wheel(0, -100)]);
      expect(await ticks()).toBe(whole);
      await page.keyboard.down("Control");
      await Promise.all([wheeled(), page.mouse.wheel(0, -100)]);
      await page.keyboard.up("Control");
      expect(await ticks()).not.toBe(whole);
      await page.locator(".tandem-chart").press("Escape");
      expect(await ticks()).toBe(whole);
      await page.locator(".tandem-chart").press("+");
      expect(await ticks()).not.toBe(whole);
    });

    it("copies its figures and saves its picture and its trace", async () => {
      await show("gantt");
      await page.evaluate(() => {
        Object.defineProperty(navigator, "clipboard", {
          configurable: true,
          value: { writeText: async (text: string) => Object.assign(globalThis, { copied: text }) },
        });
      });
      await page.getByRole("button", { name: "Copy as CSV" }).click();
      await expect
        .poll(() => page.evaluate(() => Reflect.get(globalThis, "copied")))
        .toMatch(/^Lane,What,Kind,Start \[s\],/);
      const saved = async (name: string) => {
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.getByRole("button", { name }).click(),
        ]);
        return readFile(await download.path());
      };
      expect((await saved("Save as PNG")).subarray(1, 4).toString()).toBe("PNG");
      expect(
        JSON.parse((await saved("Save trace for Perfetto")).toString()).traceEvents.length,
      ).toBeGreaterThan(20);
    });

    it("says so where its data is wrong", async () => {
      await render('{"type":"lines","title":1}', "application/vnd.tandem.chart+json");
      expect(await page.locator("main").textContent()).toMatch(/holds no result that can be drawn: title/);
    });
  });
});

/** VS Code's colours in its usual themes. */
const themes: Record<string, string> = {
  light: "background:#fff;--vscode-foreground:#3b3b3b;--vscode-charts-blue:#1a85ff",
  dark: "background:#1f1f1f;--vscode-foreground:#cccccc;--vscode-charts-blue:#3794ff",
  contrast: "background:#000;--vscode-foreground:#ffffff;--vscode-charts-blue:#3794ff",
  grey: "background:#fff;filter:grayscale(1)",
};
const expected: Record<string, string> = {
  light: "rgb(59, 59, 59)",
  dark: "rgb(204, 204, 204)",
  contrast: "rgb(255, 255, 255)",
  grey: "rgb(118, 118, 118)",
};
