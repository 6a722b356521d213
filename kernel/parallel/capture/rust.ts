import { rustOrigin } from "../../rust/registry.ts";
import type { RustFunction } from "../protocol.ts";

/** What a function of a %%rust cell is made from in a worker; undefined for any other function. */
export function rustFunction(fn: unknown): RustFunction | undefined {
  const origin = rustOrigin(fn);
  if (!origin) return undefined;
  const { id: _, ...rest } = origin;
  return rest;
}
