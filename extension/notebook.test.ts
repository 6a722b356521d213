import { expect, it } from "vitest";
import { hasTag, isOurs, namesKernel, namesTandem, withTandem } from "./notebook.ts";

it("a notebook is ours by its kernel's name", () => {
  expect(namesTandem({ metadata: { kernelspec: { name: "tandem" } } })).toBe(true);
  expect(namesTandem({ metadata: { kernelspec: { name: "deno" } } })).toBe(false);
  expect(namesKernel({ metadata: { kernelspec: { name: "deno" } } })).toBe(true);
  expect(namesKernel({ metadata: { language_info: { name: "python" } } })).toBe(false);
  expect(namesKernel({})).toBe(false);
});

it("the kernel that was chosen counts more than the one that is named", () => {
  const tandem = withTandem({});
  expect(isOurs(tandem, undefined)).toBe(true);
  expect(isOurs(tandem, false)).toBe(false);
  expect(isOurs({ metadata: { kernelspec: { name: "deno" } } }, undefined)).toBe(false);
  expect(isOurs({ metadata: { kernelspec: { name: "deno" } } }, true)).toBe(true);
});

it("becomes ours with everything else kept", () => {
  const before = { nbformat: 4, metadata: { title: "t", kernelspec: { name: "python3" } } };
  const after = withTandem(before);
  expect(namesTandem(after)).toBe(true);
  expect(after).toMatchObject({
    nbformat: 4,
    metadata: { title: "t", language_info: { name: "tandem-typescript" } },
  });
  expect(before.metadata.kernelspec.name).toBe("python3");
});

it("reads a cell's tags", () => {
  expect(hasTag({ metadata: { tags: ["raises-exception"] } }, "raises-exception")).toBe(true);
  expect(hasTag({ metadata: { tags: "raises-exception" } }, "raises-exception")).toBe(false);
  expect(hasTag({}, "raises-exception")).toBe(false);
});
