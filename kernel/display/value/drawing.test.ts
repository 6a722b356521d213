import { describe, expect, it } from "vitest";
import { toBundle } from "./bundle.ts";

describe("drawings of other libraries", () => {
  it.each([
    ["vega-lite", 5, "application/vnd.vegalite.v5+json"],
    ["vega", 6, "application/vnd.vega.v6+json"],
  ])("a %s specification goes out as it is", (library, version, type) => {
    const spec = {
      $schema: `https://vega.github.io/schema/${library}/v${version}.json`,
      mark: "bar",
      data: { values: [1] },
    };
    const bundle = toBundle(spec);
    expect(bundle[type]).toEqual(spec);
    expect(bundle["text/plain"]).toContain("mark: 'bar'");
  });

  it("another $schema is data", () => {
    expect(Object.keys(toBundle({ $schema: "https://json-schema.org/draft/2020-12/schema" }))).toEqual([
      "text/plain",
    ]);
  });

  it.each([
    [
      '<svg onload="x()"><script>x()</script><a href="javascript:x()"><rect/></a></svg>',
      '<svg xmlns="http://www.w3.org/2000/svg" ><a href="x()"><rect/></a></svg>',
    ],
    ["<svg/onload=x()><script src=x /><g/><script>x()", '<svg xmlns="http://www.w3.org/2000/svg"/><g/>'],
    [
      '<svg xmlns="http://www.w3.org/2000/svg"><use xlink:href="#a"/>a&nbsp;b</svg>',
      '<svg xmlns:xlink="http://www.w3.org/1999/xlink" xmlns="http://www.w3.org/2000/svg"><use xlink:href="#a"/>a&#160;b</svg>',
    ],
  ])("the SVG element %s is a picture that runs nothing", (outerHTML, svg) => {
    expect(toBundle({ outerHTML })["image/svg+xml"]).toBe(svg);
  });

  it("as text an element is its tag, not all of its document", () => {
    const element = { outerHTML: '<svg width="9"><g/></svg>', ownerDocument: { body: {} } };
    expect(toBundle(element)["text/plain"]).toBe('<svg width="9">');
  });

  it("another element is HTML", () => {
    expect(toBundle({ outerHTML: "<figure>a</figure>" })["text/html"]).toBe("<figure>a</figure>");
    expect(toBundle({ outerHTML: 1 })["text/html"]).toBeUndefined();
  });
});
