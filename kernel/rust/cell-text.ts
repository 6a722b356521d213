import type { MagicCell } from "../cells/magic.ts";
import { type Dependency, readDependency, takeDependencyLines } from "./dependencies.ts";

/** The cell's text as Rust, with empty lines in the places of the magic line and of `:dep` lines. */
export function rustText({ body }: Pick<MagicCell, "body">): string {
  return `\n${takeDependencyLines(body).text}`;
}

/** The crates that the cell names, on its magic line and in `:dep` lines. */
export function dependenciesOf(
  { options, body }: Pick<MagicCell, "options" | "body">,
  folder: string,
): Dependency[] {
  const texts = [[options.get("dep") ?? []].flat().map(String), takeDependencyLines(body).lines].flat();
  return texts.map((text) => readDependency(text, folder));
}
