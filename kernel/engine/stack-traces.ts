import { withoutOurFrames } from "../display/value/frames.ts";
import type { Positions } from "./positions.ts";

// The bundles of the engine's thread share it.
const KEY = Symbol.for("tandem.positions");
const holder = globalThis as unknown as { [KEY]?: Positions };

/**
 * Lets stacks name the source's lines and columns, and none of our frames, from the moment they are first read: so also
 * where user code prints an error. V8 asks this hook once for each error whose stack is read.
 */
export function installStackTraces(positions: Positions): void {
  Object.defineProperty(holder, KEY, { value: positions, configurable: true });
  const prepareStackTrace = (error: Error, frames: NodeJS.CallSite[]): string => {
    const stack = frames.map((frame) => `\n    at ${frame}`).join("");
    return headOf(error) + withoutOurFrames(positions.inStack(stack));
  };
  Object.defineProperty(Error, "prepareStackTrace", {
    value: prepareStackTrace,
    writable: true,
    configurable: true,
  });
}

/** A stack that another thread wrote, with the positions of the source. */
export const withSourcePositions = (stack: string): string => holder[KEY]?.inStack(stack) ?? stack;

/** As V8 begins a stack. */
function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "<error>";
  }
}
