import type { CellOutput } from "./cell.ts";

/** Output that nobody sees. */
export const noOutput: CellOutput = {
  stream() {},
  display() {},
  updateDisplay() {},
  clear() {},
  result() {},
  async drained() {},
};
