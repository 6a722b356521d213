import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWindow } from "../../../scripts/browser/workbench.mjs";
import { findChromium } from "../../../scripts/setup/browser.mjs";
import { chartBundle } from "../../display/chart/bundle.ts";
import { examples } from "../../display/chart/examples.ts";
import { recordsToHtml } from "../../display/value/table.ts";
import { parseNotebook } from "../notebook.ts";
import { printed } from "./escape.ts";
import { type PageCell, renderPage } from "./page.ts";
import { sanitizeHtml } from "./sanitize.ts";

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAFElEQVR4nGP8z8Dwn4GBgYGJAQoAHhgCAlQqGDsAAAAASUVORK5CYII=";
const hack = "window.hacked = true";
const nasty = `</pre></code></title><script>${hack}</script><img src=x onerror="${hack}">`;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40" onload="${hack}"><script>${hack}</script>
<image href="http://example.com/x.png" width="9" height="9"/><rect width="90" height="40" fill="#c00"/></svg>`;

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "tandem-html-")));
  mkdirSync(join(folder, "notebooks"));
  writeFileSync(join(folder, "notebooks", "dot.png"), Buffer.from(PNG, "base64"));
  writeFileSync(join(folder, "notebooks", "key.png"), "no picture");
  writeFileSync(join(folder, "above.png"), Buffer.from(PNG, "base64"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const display = (data: Record<string, unknown>) => ({ output_type: "display_data", data, metadata: {} });
const { lines } = examples;
const chart = lines ? chartBundle(lines) : {};
const rows = Array.from({ length: 3 }, (_, i) => ({
  name: `row ${i} ${nasty}`,
  value: i * 1000,
  text: "wide ".repeat(30),
}));

const outputs: unknown[] = [
  { output_type: "stream", name: "stdout", text: ["\u001b[31mred\u001b[0m\n", `10 %\r50 %\rdone\n${nasty}`] },
  { output_type: "stream", name: "stderr", text: "Type warning: x\n" },
  display(chart),
  display({ "image/svg+xml": svg, "text/plain": "a picture" }),
  display({ "image/png": PNG }),
  display({ "text/html": recordsToHtml(rows) ?? "", "text/plain": "rows" }),
  display({
    "text/html": `<b onclick="${hack}">bold</b><script>${hack}</script><iframe src="http://example.com"></iframe>
    <a href="javascript:${hack}">link</a><style>body{display:none}</style><form action="http://example.com"><button>x</button></form>
    <img src="http://example.com/x.png"><base href="http://example.com"><meta http-equiv="refresh" content="0;url=http://example.com">`,
  }),
  display({ "text/html": `<script>${hack}</script>`, "text/plain": "nothing but a script" }),
  display({ "text/markdown": `**strong** ${nasty}` }),
  display({ "application/json": { a: nasty } }),
  display({ "application/x-unknown": {} }),
  { output_type: "error", ename: "E", evalue: nasty, traceback: [`E: ${nasty}`, "    at cell-1.ts:1:1"] },
];

const markdown = `# A title

Text with *emphasis*, \`code\` and [a link](https://example.com), <script>${hack}</script> and [bad](javascript:${hack}).

| name | value |
| --- | ---: |
| a | 1 |

![of the folder](dot.png) ![attached](attachment:a.png) ![above](../above.png) ![no picture](key.png)
![elsewhere](http://example.com/x.png)`;

function page(): string {
  const cells = [
    { cell_type: "markdown", metadata: {}, source: markdown, attachments: { "a.png": { "image/png": PNG } } },
    {
      cell_type: "code",
      metadata: {},
      source: `const text = "${nasty}"\n${"x".repeat(300)}`,
      outputs: [],
      execution_count: null,
    },
    { cell_type: "raw", metadata: {}, source: nasty },
  ];
  const notebook = parseNotebook(
    JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }),
    "a.ipynb",
  );
  const ran: PageCell = {
    head: { text: "[1] failed, 0.25 s", good: false },
    outputs,
    note: `--- stored\n${nasty}`,
  };
  return renderPage({
    title: `a.ipynb ${nasty}`,
    facts: [`failed: ${nasty}`],
    notebook,
    folder: join(folder, "notebooks"),
    cells: new Map([[1, ran]]),
  });
}

describe("renderPage", () => {
  it("has no script, no style but its own, and a policy that allows neither", () => {
    const html = page();
    for (const part of ["<script", "<iframe", "<form", "<base", "<object", " style="]) {
      expect(html.includes(part), part).toBe(false);
    }
    for (const part of ["unsafe-inline", 'href="javascript', "50 %"])
      expect(html.includes(part), part).toBe(false);
    for (const part of [
      `content="default-src 'none'; style-src 'sha256-`,
      "<pre>nothing but a script</pre>",
      "An output that only a notebook shows: application/x-unknown",
      "done\n",
    ]) {
      expect(html.includes(part), part).toBe(true);
    }
    // A page that is passed on holds no files from outside of the notebook's folder.
    for (const part of ['<a href="../above.png"', '<a href="key.png"']) {
      expect(html.includes(part), part).toBe(true);
    }
    expect(html.match(/<img src="data:image\/png/g)).toHaveLength(3);
  });

  describe.skipIf(!findChromium())("in Chromium", () => {
    let window: Awaited<ReturnType<typeof openWindow>>;
    const told: string[] = [];
    beforeAll(async () => {
      writeFileSync(join(folder, "a.html"), page());
      window = await openWindow(undefined, { width: 1000, height: 900 });
      window.page.on("console", (message) => told.push(message.text()));
      window.page.on("dialog", (dialog) => told.push(dialog.message()));
      await window.page.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) =>
          console.log(`refused ${event.violatedDirective}`),
        );
      });
      await window.page.goto(pathToFileURL(join(folder, "a.html")).href);
      // Whoever looks at the page in a review gets the same pictures.
      await show(window.page);
    });
    afterAll(() => window.close());

    it("breaks no rule of its policy, runs nothing and loads nothing", async () => {
      expect(told).toEqual([]);
      expect(window.outside.filter((address) => !address.startsWith("file:"))).toEqual([]);
      expect(await window.page.evaluate("window.hacked")).toBeUndefined();
      const style = await window.page.evaluate("getComputedStyle(document.body).maxWidth");
      expect(style).toBe("960px");
    });

    it("has a policy that would stop what slipped through", async () => {
      await window.page.evaluate(
        `document.body.insertAdjacentHTML("beforeend", '<img src=x onerror="${hack}"><p style="color:red">')`,
      );
      await expect
        .poll(() => told.filter((text) => /refused (script|style|img)/.test(text)).length)
        .toBeGreaterThanOrEqual(2);
      expect(await window.page.evaluate("window.hacked")).toBeUndefined();
    });

    it("draws every picture", async () => {
      const sizes = await window.page.evaluate(
        "[...document.querySelectorAll('img[src^=data]')].map((image) => image.naturalWidth)",
      );
      expect(sizes).toHaveLength(5);
      expect(Math.min(...(sizes as number[]))).toBeGreaterThan(0);
    });

    it.each([600, 320])("fits into %d pixels", async (width) => {
      await window.page.setViewportSize({ width, height: 900 });
      expect(await window.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    });

    it.each(["light", "dark"] as const)("is legible in %s", async (colorScheme) => {
      await window.page.emulateMedia({ colorScheme });
      for (const selector of ["body", ".facts", ".stderr pre", ".error pre", "a", ".bad"]) {
        expect(await window.page.evaluate(contrastOf, selector)).toBeGreaterThanOrEqual(4.5);
      }
    });
  });
});

/** Pictures of the page, where they are asked for by TANDEM_PICTURES. */
async function show(page: Page): Promise<void> {
  const target = process.env.TANDEM_PICTURES;
  if (!target) return;
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1000, 600]) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: join(target, `${colorScheme}-${width}.png`), fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1000, height: 900 });
}

/** WCAG's contrast of an element's text with what is behind it; runs in the page. */
function contrastOf(selector: string): number {
  const luminance = (colour: string) => {
    const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
      const value = Number(part) / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const element = document.querySelector(selector);
  if (!element) return 0;
  let behind: Element | null = element;
  while (behind && /^rgba\(.*, 0\)$|transparent/.test(getComputedStyle(behind).backgroundColor))
    behind = behind.parentElement;
  const [a, b] = [
    getComputedStyle(element).color,
    behind ? getComputedStyle(behind).backgroundColor : "rgb(255,255,255)",
  ];
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

describe("sanitizeHtml", () => {
  it("keeps tables with their alignment, progress and text", () => {
    expect(
      sanitizeHtml('<table><tr><td style="text-align:right; color: red" onclick=x id=y>1</td></tr></table>'),
    ).toBe('<table><tr><td class="right">1</td></tr></table>');
    expect(sanitizeHtml('<progress value="1" max="2"></progress> <span class="x">a</span>')).toBe(
      '<progress value="1" max="2"></progress> <span>a</span>',
    );
    expect(sanitizeHtml('<a href="https://example.com" target="_blank">a</a>')).toBe(
      '<a href="https://example.com" rel="noopener noreferrer">a</a>',
    );
  });

  it.each([
    '<svg><style>x</style><script>1</script><a href="javascript:1">t</a></svg>',
    "<math><mtext><script>1</script></mtext></math>",
    '<object data="x">t</object><embed src="x">',
    '<link rel="stylesheet" href="x"><style>x</style>',
    "<template><script>1</script></template><noscript><img src=x></noscript>",
    '<img src="data:image/svg+xml,<svg onload=1>">',
  ])("leaves nothing of %s", (html) => {
    expect(sanitizeHtml(html).trim()).toBe("");
  });
});

it("shows what was printed as a terminal would", () => {
  expect(printed("a\r\nb\r50 %\rdone\n\u001b[1mbold\u001b[0m")).toBe("a\ndone\nbold");
});
