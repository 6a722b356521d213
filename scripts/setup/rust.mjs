// The Rust toolchain: what is missing of it, and how to get it.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { find, run } from "../process.mjs";
import { installDebian } from "./debian.mjs";

/** The oldest Rust that the workspace in native/ builds with. */
const oldest = [1, 88];

/**
 * Looks for Cargo, rustc and a C linker. rustup's own folder counts as on PATH: a shell that was open when rustup was
 * installed does not have it there.
 *
 * @returns {Promise<string | undefined>} what is missing and how to get it
 */
export async function missingRust() {
  const rustup = join(homedir(), ".cargo", "bin");
  if (!find("cargo") && existsSync(rustup)) process.env.PATH = `${process.env.PATH}${delimiter}${rustup}`;
  const without = "so %%rust is left out";
  if (!find("cargo"))
    return `Rust is not here, ${without}. Install it from https://rustup.rs and run this again.`;
  const { output } = await run("rustc", ["--version"]);
  const [, major = 0, minor = 0] = (/rustc (\d+)\.(\d+)/.exec(output) ?? []).map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = oldest;
  if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
    return `This Rust is older than ${oldest.join(".")}, ${without}. Update it with: rustup update stable\n${output.trim()}`;
  }
  if (process.platform === "linux" && !find("cc")) {
    return installDebian(["gcc", "libc6-dev"], "Rust needs a C linker");
  }
  return undefined;
}

/**
 * Installs rust-analyzer and the standard library's sources, where there is a rustup and they are missing.
 *
 * @returns {Promise<string | undefined>} why there is none and how to get it
 */
export async function missingAnalyzer() {
  await missingRust();
  if (!find("cargo")) return "Without Rust rust-analyzer is not tested.";
  // rustup's proxy is there without the component too.
  const works = async () =>
    find("rust-analyzer") !== undefined && (await run("rust-analyzer", ["--version"])).code === 0;
  const { output: sysroot } = await run("rustc", ["--print", "sysroot"]);
  const sources = join(sysroot.trim(), "lib", "rustlib", "src", "rust", "library");
  if ((await works()) && existsSync(sources)) return undefined;
  const components = ["rust-analyzer", "rust-src"];
  if (find("rustup")) await run("rustup", ["component", "add", ...components], { log: "show" });
  if ((await works()) && existsSync(sources)) return undefined;
  return `rust-analyzer is not here, so what it does in %%rust cells is not tested. Install it with: rustup component add ${components.join(" ")}`;
}
