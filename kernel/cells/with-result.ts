import type { MimeBundle } from "../wire/message.ts";
import type { CellOutput } from "./cell.ts";

/** The same output; results go to `result`, which may hand them on. */
export function withResult(
  output: CellOutput,
  result: (data: MimeBundle, metadata?: Record<string, unknown>) => void,
): CellOutput {
  return {
    stream: (name, text) => output.stream(name, text),
    display: (...shown) => output.display(...shown),
    updateDisplay: (...shown) => output.updateDisplay(...shown),
    clear: (wait) => output.clear(wait),
    result,
    comm: (message) => output.comm?.(message),
    ...(output.nextInput && { nextInput: (text) => output.nextInput?.(text) }),
    drained: () => output.drained(),
  };
}
