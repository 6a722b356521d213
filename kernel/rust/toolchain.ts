import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Part, Session } from "../cells/session.ts";
import { fail } from "../errors.ts";

/** The Rust compiler of this machine. */
export interface Toolchain {
  /** The compiler itself, not rustup's proxy: it starts 16 ms sooner. */
  readonly rustc: string;
  readonly cargo: string;
  readonly sysroot: string;
  /** `x86_64-unknown-linux-gnu` */
  readonly host: string;
  /** What `rustc -vV` says: part of every artefact's hash. */
  readonly version: string;
  /** `1.95.0` */
  readonly release: string;
}

const run = promisify(execFile);
const exe = process.platform === "win32" ? ".exe" : "";

/** Finds the compiler on PATH, or where rustup puts it. Throws the catalogue's `rustMissing`. */
export async function findToolchain(): Promise<Toolchain> {
  const home = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  for (const rustc of [process.env.RUSTC, "rustc", join(home, "bin", `rustc${exe}`)]) {
    if (!rustc) continue;
    try {
      const [version, sysroot] = await Promise.all([run(rustc, ["-vV"]), run(rustc, ["--print", "sysroot"])]);
      const root = sysroot.stdout.trim();
      const own = (name: string) => {
        const path = join(root, "bin", name + exe);
        return existsSync(path) ? path : undefined;
      };
      const host = /^host: (.*)$/m.exec(version.stdout)?.[1] ?? "";
      return {
        rustc: own("rustc") ?? rustc,
        cargo: own("cargo") ?? "cargo",
        sysroot: root,
        host,
        version: version.stdout.trim(),
        release: /^release: (.*)$/m.exec(version.stdout)?.[1] ?? "unknown",
      };
    } catch {
      // Not there, or a proxy without a toolchain: the next one.
    }
  }
  throw fail("rustMissing");
}

/** The machine's compiler, looked for once. */
export function toolchainFinder(): () => Promise<Toolchain> {
  let found: Promise<Toolchain> | undefined;
  return () => {
    // A failure is not kept: the user may install Rust meanwhile.
    found ??= findToolchain().catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
}

/** The same, once in a session. */
export interface RustToolchain extends Part {
  find(): Promise<Toolchain>;
}

export function rustToolchain(_session: Session): RustToolchain {
  return { find: toolchainFinder(), async close() {} };
}
