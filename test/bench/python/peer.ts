import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { PythonCommand } from "../../../kernel/python/find.ts";
import type { Toolchain } from "../../../kernel/rust/toolchain.ts";

/** Builds the PyO3 module that was written by hand, for just this Python; its path, or why there is none. */
export function handWritten({ cargo, rustc }: Toolchain, python: PythonCommand): string | { notRun: string } {
  const folder = join(import.meta.dirname, "pyo3-peer");
  const { stdout: executable } = spawnSync(
    python.file,
    [...python.args, "-c", "import sys; print(sys.executable, end='')"],
    { encoding: "utf8" },
  );
  const built = spawnSync(cargo, ["build", "--release", "--locked", "--target-dir", join(folder, "target")], {
    cwd: folder,
    encoding: "utf8",
    // A crate may name a toolchain that is not here.
    env: { ...process.env, RUSTC: rustc, PYO3_PYTHON: executable },
  });
  if (built.status !== 0) {
    return { notRun: `cargo did not build it: ${(built.stderr ?? "").trim().slice(-200)}` };
  }
  const names: Partial<Record<NodeJS.Platform, readonly [string, string]>> = {
    win32: ["pyo3_peer.dll", "pyo3_peer.pyd"],
    darwin: ["libpyo3_peer.dylib", "pyo3_peer.so"],
  };
  const [from, to] = names[process.platform] ?? ["libpyo3_peer.so", "pyo3_peer.so"];
  const path = join("artifacts", "bench", to);
  mkdirSync(join("artifacts", "bench"), { recursive: true });
  copyFileSync(join(folder, "target", "release", from), path);
  return join(process.cwd(), path);
}
