import type { Node } from "./calls.ts";
import { placeOf, type Surroundings } from "./place.ts";

/** Looks at Python's stacks in a second. */
export const RATE = 200;

interface Open {
  readonly frame: Node["frame"];
  self: number;
  readonly below: Map<string, Open>;
}

/**
 * A sampler's stacks as a tree; `self` in seconds. Each line is a stack, the outermost first, and how often it was seen:
 * `outer (/a/b.py:3);fib (cell-2.py:1) 17`. The runner's own frames are left out.
 */
export function readStacks(text: string, rate: number, surroundings: Surroundings): Node {
  const root: Open = { frame: "root", self: 0, below: new Map() };
  for (const line of text.split("\n")) {
    const [, stack, count] = /^(.*) (\d+)$/.exec(line) ?? [];
    if (stack === undefined) continue;
    let at = root;
    let inside = false;
    for (const one of stack.split(";")) {
      const { frame, standard } = frameOf(one, surroundings);
      // What the runner calls of Python's library, such as an event loop, is its own too.
      inside = frame === "own" || (inside && standard);
      const there = at.below.get(one) ?? { frame: inside ? "own" : frame, self: 0, below: new Map() };
      at.below.set(one, there);
      at = there;
    }
    at.self += Number(count) / rate;
  }
  return close(root);
}

const close = ({ frame, self, below }: Open): Node => ({
  frame,
  self,
  children: [...below.values()].map(close),
});

/** The runner's files, in whichever folder they are. */
const RUNNER = /[\\/]runner[\\/](?:__main__\.py$|tandem_runner[\\/])/;

/** Whose a frame is; `standard`: of Python's own library. */
function frameOf(text: string, around: Surroundings): { frame: Node["frame"]; standard: boolean } {
  const [, name = text, file = "", line = "1"] = /^(.*) \((.*?)(?::(\d+))?\)$/.exec(text) ?? [];
  const known = (frame: Node["frame"], standard = false) => ({ frame, standard });
  const of = (place: string | undefined, label = name) =>
    ({ label, ...(place !== undefined && { place }), kind: "Python" }) as const;
  if (RUNNER.test(file) || /^<frozen (?:runpy|importlib)/.test(file)) return known("own");
  const [, cell, number] = /(?:^|[\\/])(cell-(\d+)\.py)$/.exec(file) ?? [];
  // As of JavaScript: a cell as a whole has no name.
  if (cell) return known(of(`${cell}:${line}`, name === "<module>" ? `cell ${number}` : name));
  const library = /[\\/](?:site-packages|dist-packages)[\\/]([^\\/]+)/.exec(file)?.[1];
  if (library) return known(of(library.replace(/\.py$/, "")));
  const standard = /[\\/](?:lib|Lib)(?:64)?[\\/](?:python[\d.]+t?[\\/])?((?:\w+[\\/])*\w+)\.py$/.exec(
    file,
  )?.[1];
  if (standard && /[\\/]python[\d.]+t?[\\/]|[\\/]Lib[\\/]/.test(file))
    return known(of(standard.replaceAll(/[\\/]/g, ".")), true);
  if (file === "" || file.startsWith("<")) return known(of(undefined), true);
  // Where it is in the user's own files, by the same rule as of JavaScript.
  const frame = { functionName: name, url: file, lineNumber: Number(line) - 1, columnNumber: 0 };
  const found = placeOf(frame, around);
  return known(typeof found === "string" ? found : { ...found, kind: "Python" });
}
