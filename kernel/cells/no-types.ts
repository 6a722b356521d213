import type { TypeService } from "../typescript/service.ts";

/** Stands in where no type service can be had: cells run, unchecked. */
export const noTypes: TypeService = {
  check: async () => [],
  commit: async () => {},
  complete: async (_text, offset) => ({ start: offset, end: offset, matches: [] }),
  inspect: async () => undefined,
  reset: async () => {},
  close: async () => {},
};

/** Stands in where the compiler is not installed for this platform: cells are told once. */
export const missingTypes = (): TypeService => ({ ...noTypes, missing: true });
