import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Toolchain } from "../../../kernel/rust/toolchain.ts";
import { installPeers } from "../harness/peers.ts";
import type { Launch } from "../kernel/client.ts";

/** The functions that are called, by any of the peers. */
export interface Functions {
  empty(): unknown;
  fib(n: number): unknown;
  sum(values: Float64Array): number;
}

export type Peer = Functions | { readonly notRun: string };

const output = join("artifacts", "bench", "peer.node");

/** The addon written in C, compiled here. */
export function cAddon(): Peer {
  const headers = [
    join(dirname(process.execPath), "..", "include", "node"),
    "/usr/include/node",
    "/usr/include/nodejs/src",
  ].find((folder) => existsSync(join(folder, "node_api.h")));
  if (!headers) return { notRun: "Node's headers are not here (apt-get install libnode-dev)" };
  mkdirSync(dirname(output), { recursive: true });
  const source = join(import.meta.dirname, "peer.c");
  const cc = spawnSync("cc", ["-O3", "-shared", "-fPIC", `-I${headers}`, source, "-o", output], {
    encoding: "utf8",
  });
  if (cc.status !== 0)
    return { notRun: `no C compiler made it: ${(cc.stderr ?? cc.error?.message ?? "").slice(0, 200)}` };
  // It exports what peer.c says.
  return createRequire(join(process.cwd(), "x.cjs"))(join(process.cwd(), output)) as Functions;
}

/** The addon written with napi-rs, built here. */
export function napiRs({ cargo, rustc }: Toolchain): Peer {
  const folder = join(import.meta.dirname, "napi-peer");
  const built = spawnSync(cargo, ["build", "--release", "--locked"], {
    cwd: folder,
    encoding: "utf8",
    // A crate may name a toolchain that is not here.
    env: { ...process.env, RUSTC: rustc },
  });
  if (built.status !== 0)
    return { notRun: `cargo did not build it: ${(built.stderr ?? "").trim().slice(-200)}` };
  const names: Partial<Record<NodeJS.Platform, string>> = {
    win32: "napi_peer.dll",
    darwin: "libnapi_peer.dylib",
  };
  const file = join(folder, "target", "release", names[process.platform] ?? "libnapi_peer.so");
  const addon: { exports: unknown } = { exports: {} };
  process.dlopen(addon as NodeJS.Module, file);
  // It exports what its lib.rs says.
  return addon.exports as Functions;
}

/** evcxr's kernel, installed beside this file on first use: some minutes. */
export async function evcxr(): Promise<Launch | { readonly notRun: string }> {
  const folder = join(import.meta.dirname, ".cache", "evcxr");
  const command = join(folder, "bin", process.platform === "win32" ? "evcxr_jupyter.exe" : "evcxr_jupyter");
  if (!existsSync(command)) {
    console.log("Installing evcxr_jupyter, which takes some minutes …");
    const words = ["install", "--locked", "--quiet", "--root", folder, `evcxr_jupyter@${EVCXR}`];
    const { status, stderr } = spawnSync("cargo", words, { encoding: "utf8" });
    if (status !== 0) return { notRun: `cargo did not install it: ${(stderr ?? "").trim().slice(-200)}` };
  }
  return { command, args: (file) => ["--control_file", file] };
}

const EVCXR = "0.22.0";

/** koffi on the same C functions. */
export function koffi(): Peer {
  const missing = installPeers(import.meta.dirname);
  if (missing || !existsSync(output)) return { notRun: missing ?? "peer.c was not compiled" };
  interface Koffi {
    load(path: string): { func(signature: string): (...values: unknown[]) => unknown };
  }
  const library = (createRequire(join(import.meta.dirname, "x.cjs"))("koffi") as Koffi).load(
    join(process.cwd(), output),
  );
  const [empty, fib, sum] = [
    "void plain_empty()",
    "uint64_t plain_fib(uint32_t n)",
    "double plain_sum(const double *values, uint32_t length)",
  ].map((signature) => library.func(signature));
  return {
    empty: () => empty?.(),
    fib: (n) => fib?.(n),
    sum: (values) => sum?.(values, values.length) as number,
  };
}
