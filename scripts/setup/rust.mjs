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
