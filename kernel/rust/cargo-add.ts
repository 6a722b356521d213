import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { CellOutcome } from "../cells/cell.ts";
import type { MagicLine } from "../cells/magic.ts";
import type { Session } from "../cells/session.ts";
import { fail } from "../errors.ts";
import { cratesFolder } from "./crates.ts";
import { type Dependency, readDependency } from "./dependencies.ts";
import { lockOf, notebookCrates } from "./notebook-crates.ts";
import { rustToolchain } from "./toolchain.ts";

/** `%cargo add serde@1 --features derive`: the crate is there for all %%rust cells that follow. */
export async function cargoAdd(
  words: readonly string[],
  line: MagicLine,
  session: Session,
): Promise<CellOutcome> {
  const dependencies = readAdd(words, session.folder);
  const toolchain = await session.part(rustToolchain).find();
  const crates = session.part(notebookCrates);
  const wanted = crates.wanted(
    dependencies,
    dependencies.map(({ name }) => name.replaceAll("-", "_")),
  );
  await crates.build(wanted, toolchain, line.cell);
  // Only what could be built is kept.
  for (const one of dependencies) crates.add(one);
  const names = dependencies.map(({ name }) => `\`${name}\``).join(", ");
  line.cell.output.stream("stdout", `%%rust cells can use ${names}.\n`);
  return { status: "ok" };
}

/** `%cargo lock`: writes beside the notebook which versions its crates have. */
export async function cargoLock(line: MagicLine, session: Session): Promise<CellOutcome> {
  const file = join(session.folder, "Cargo.lock");
  if (existsSync(join(session.folder, "Cargo.toml"))) throw fail("lockOfPackage", file);
  const toolchain = await session.part(rustToolchain).find();
  const crates = session.part(notebookCrates);
  const dependencies = crates.all();
  if (dependencies.length === 0) throw fail("nothingToLock");
  await crates.build(dependencies, toolchain, line.cell);
  const request = { dependencies, lock: lockOf(session.folder), say() {} };
  copyFileSync(join(cratesFolder(request, toolchain), "Cargo.lock"), file);
  line.cell.output.stream(
    "stdout",
    `${file} has the versions of ${dependencies.map(({ name }) => name).join(", ")}.\n`,
  );
  return { status: "ok" };
}

/** cargo's own words: `serde@1 anyhow --features derive --path ../x --no-default-features`. Throws the catalogue's errors. */
export function readAdd(words: readonly string[], folder: string): Dependency[] {
  const names: string[] = [];
  const features: string[] = [];
  let path: string | undefined;
  let defaults = true;
  for (let at = 0; at < words.length; at++) {
    const [word = "", attached] = (words[at] ?? "").split(/=(.*)/s, 2);
    const value = () => attached ?? words[++at] ?? "";
    if (word === "--features" || word === "-F")
      features.push(
        ...value()
          .split(/[\s,]+/)
          .filter(Boolean),
      );
    else if (word === "--path") path = value();
    else if (word === "--no-default-features") defaults = false;
    else if (word === "--git") throw fail("gitDependency", names[0] ?? value());
    else if (word.startsWith("-")) throw fail("badDependency", word);
    else names.push(words[at] ?? "");
  }
  if (names.length === 0) throw fail("badDependency", words.join(" "));
  return names.map((text) => {
    const [name = "", version] = text.split(/@(.*)/s, 2);
    const fields = [
      ...(version ? [`version = ${JSON.stringify(version)}`] : []),
      ...(path === undefined ? [] : [`path = ${JSON.stringify(path)}`]),
      ...(features.length > 0 ? [`features = ${JSON.stringify(features)}`] : []),
      ...(defaults ? [] : ["default-features = false"]),
    ];
    return readDependency(fields.length > 0 ? `${name} = { ${fields.join(", ")} }` : name, folder);
  });
}
