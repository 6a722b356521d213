import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readNotebook, writeWhole } from "./file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tandem-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("replaces a file whole, keeps its permissions and leaves nothing aside", async () => {
  const file = join(folder, "a.ipynb");
  writeFileSync(file, "old");
  chmodSync(file, 0o640);
  await writeWhole(file, "new");
  expect(readFileSync(file, "utf8")).toBe("new");
  if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder)).toEqual(["a.ipynb"]);
});

it.skipIf(process.platform === "win32")("writes through a link", async () => {
  writeFileSync(join(folder, "a.ipynb"), "old");
  symlinkSync("a.ipynb", join(folder, "link.ipynb"));
  await writeWhole(join(folder, "link.ipynb"), "new");
  expect(readFileSync(join(folder, "a.ipynb"), "utf8")).toBe("new");
});

it("says why it cannot write, and leaves nothing aside", async () => {
  await expect(writeWhole(join(folder, "none", "a.ipynb"), "x")).rejects.toMatchObject({
    code: "cannotWrite",
  });
  // A folder stands where the file should go: the rename fails after the text was written aside.
  await expect(writeWhole(folder, "x")).rejects.toMatchObject({ code: "cannotWrite" });
  expect(readdirSync(folder)).toEqual([]);
});

it("tells a missing file from one that cannot be read", async () => {
  await expect(readNotebook(join(folder, "none.ipynb"))).rejects.toMatchObject({ code: "noNotebook" });
  await expect(readNotebook(folder)).rejects.toMatchObject({ code: "cannotRead" });
});
