import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { removeStaleFiles } from "./stale-files.ts";

const LATER = Date.now() + 3_600_000;

test.skipIf(process.platform === "win32")(
  "what killed kernels left goes; what is used, new or another's stays",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "tandem-test-"));
    const server = createServer();
    try {
      const used = join(folder, "tandem-python-used");
      const left = join(folder, "tandem-python-left");
      for (const path of [used, left]) mkdirSync(path);
      writeFileSync(join(left, "python"), "");
      await new Promise<void>((done) => server.listen(join(used, "python"), done));
      // No process has the largest number.
      const names = ["tandem-items-4194304-x", `tandem-items-${process.pid}-x`, "tandem-other", "notes"];
      const [dead, alive, other, foreign] = names.map((name) => join(folder, name));
      for (const path of [dead, alive, other, foreign]) writeFileSync(path ?? "", "");
      const all = [used, left, dead, alive, other, foreign].map(String);

      await removeStaleFiles(folder);
      expect(all.map(existsSync)).toEqual([true, true, true, true, true, true]);
      await removeStaleFiles(folder, LATER);
      expect(all.map(existsSync)).toEqual([true, false, false, true, true, true]);
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test("a folder that is not there is no error", async () => {
  await removeStaleFiles("/nowhere/at/all", LATER);
});
