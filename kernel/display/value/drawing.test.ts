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

  it("an SVG element is a picture that runs nothing", () => {
    const outerHTML = '<svg onload="x()"><script>x()</script><a href="javascript:x()"><rect/></a></svg>';
    expect(toBundle({ outerHTML })["image/svg+xml"]).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg"><a href="x()"><rect/></a></svg>',
    );
  });

  it("another element is HTML", () => {
    expect(toBundle({ outerHTML: "<figure>a</figure>" })["text/html"]).toBe("<figure>a</figure>");
    expect(toBundle({ outerHTML: 1 })["text/html"]).toBeUndefined();
  });
});
