import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { installPeers } from "../harness/peers.ts";

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
