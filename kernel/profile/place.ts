import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** A function as V8's profiles name it; lines and columns count from 0, native code has no address. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** Whose code a function is. */
export type Kind =
  | "cells"
  | "modules"
  | "packages"
  | "Node"
  | "JavaScript"
  | "Rust"
  | "Python"
  | "native"
  | "collector";

/** A function as users know it. */
export interface Place {
  readonly label: string;
  /** Where it is declared; nothing for what is no JavaScript. */
  readonly place?: string;
  readonly kind: Kind;
}

/** What a frame is besides a function of somebody's. */
export type Frame = Place | "idle" | "own" | "root";

/** What tells functions apart that V8 cannot. */
export interface Surroundings {
  /** The notebook's folder, and the one of the engine's own bundles, whose frames nobody wants to see. */
  readonly folder: string;
  readonly bundles: string;
}

/** What V8's profiles call things that are no functions. */
const SPECIAL: Readonly<Record<string, Frame>> = {
  "(root)": "root",
  "(idle)": "idle",
  "(program)": { label: "native code", kind: "native" },
  "(garbage collector)": { label: "garbage collector", kind: "collector" },
};

/** Whose a frame is, and how it is called. */
export function placeOf(frame: CallFrame, { folder, bundles }: Surroundings): Frame {
  const { functionName: name, url, lineNumber } = frame;
  const special = SPECIAL[name];
  if (url === "" && special) return special;
  if (url === "") {
    if (name === "") return "own";
    return { label: name, kind: "JavaScript" };
  }
  if (url.startsWith("node:"))
    return { label: name || "anonymous", place: url.replace("internal/", ""), kind: "Node" };
  const line = lineNumber + 1;
  if (/^cell-\d+\.rs$/.test(url)) return { label: name, place: url, kind: "Rust" };
  const cell = /^cell-(\d+)\.\w+$/.exec(url);
  if (cell) {
    // V8 gives a cell as a whole no name, and its first line.
    const label = name || (lineNumber <= 0 ? `cell ${cell[1]}` : "anonymous");
    return { label, place: `${url}:${line}`, kind: "cells" };
  }
  const path = pathOf(url);
  if (path.startsWith(bundles)) return "own";
  const inPackage = /[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)(?!.*[\\/]node_modules[\\/])/.exec(
    path,
  );
  if (inPackage) return { label: name || "anonymous", place: String(inPackage[1]), kind: "packages" };
  return { label: name || "anonymous", place: `${near(folder, path)}:${line}`, kind: "modules" };
}

function pathOf(url: string): string {
  if (!url.startsWith("file:")) return url;
  try {
    // A version in the query tells re-read modules apart.
    return fileURLToPath(url.replace(/\?.*$/, ""));
  } catch {
    return url;
  }
}

/** Relative to the notebook's folder where it is below it. */
function near(folder: string, path: string): string {
  const from = relative(folder, path);
  return from.startsWith("..") || from === "" ? path : from.split(sep).join("/");
}
