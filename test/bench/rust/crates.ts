// The first build and the cached use of crates, beside cargo's own.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildCrates } from "../../../kernel/rust/crates.ts";
import { manifestLine, readDependency } from "../../../kernel/rust/dependencies.ts";
import type { Toolchain } from "../../../kernel/rust/toolchain.ts";
import type { Fact } from "../harness/facts.ts";

const crates = ["rayon=1", "tokio=1", 'serde = { version = "1", features = ["derive"] }'];

/** One build of each; what cargo has to fetch it has fetched before. */
export async function cratesFacts(folder: string, toolchain: Toolchain): Promise<Fact[]> {
  const facts: Fact[] = [];
  for (const text of crates) {
    const one = readDependency(text, folder);
    const at = join(folder, `cargo-${one.name}`);
    mkdirSync(join(at, "src"), { recursive: true });
    writeFileSync(join(at, "src", "lib.rs"), `pub use ${one.name};\n`);
    writeFileSync(
      join(at, "Cargo.toml"),
      `[package]\nname = "peer"\nversion = "0.0.0"\nedition = "2021"\n\n[dependencies]\n${manifestLine(one)}\n[workspace]\n`,
    );
    const cargo = (...words: string[]) => {
      const start = performance.now();
      const { status, stderr } = spawnSync(toolchain.cargo, words, {
        cwd: at,
        encoding: "utf8",
        env: { ...process.env, RUSTC: toolchain.rustc },
      });
      if (status !== 0) throw new Error(stderr);
      return (performance.now() - start) / 1000;
    };
    cargo("fetch", "--quiet");
    const theirs = cargo("build", "--release", "--quiet");
    const again = cargo("build", "--release", "--quiet");
    const ours = async () => {
      const start = performance.now();
      const request = { dependencies: [one], say() {} };
      await buildCrates(request, toolchain, new AbortController().signal);
      return (performance.now() - start) / 1000;
    };
    const [first, cached] = [await ours(), await ours()];
    facts.push(
      { what: `${one.name}, first build`, value: first, unit: "s" },
      { what: `${one.name}, first build by cargo`, value: theirs, unit: "s" },
      { what: `${one.name}, built before`, value: cached * 1000, unit: "ms" },
      { what: `${one.name}, built before, by cargo`, value: again * 1000, unit: "ms" },
    );
  }
  return facts;
}
