import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { runEmptyKernel } from "./empty.ts";

/**
 * The least that a kernel can do whose process outlives its user's code: a process of its own that evaluates JavaScript as Tandem's
 * does, one write to it and one write back. No types, no imports, no output, no interrupts.
 */
export function runBareKernel(connectionFile: string): Promise<void> {
  // User code's process ends with this one, which closes the pipe.
  const engine = spawn(process.execPath, [process.argv[1] ?? "", "bare-engine"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting: ((text: string) => void)[] = [];
  engine.stdout.on("data", (chunk: Buffer) => waiting.shift()?.(chunk.toString()));
  return runEmptyKernel(
    connectionFile,
    (code) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        engine.stdin.write(code);
      }),
  );
}

/** The other process: each chunk is a cell, since the next one comes behind the answer. */
export function runBareEngine(): void {
  const session = new Session();
  session.connect();
  new Socket({ fd: 0, writable: false }).on("data", (chunk: Buffer) => {
    const expression = chunk.toString();
    session.post(
      "Runtime.evaluate",
      { expression, replMode: true, awaitPromise: true } as never,
      (_error, answer) => writeSync(1, String(answer?.result.value)),
    );
  });
}
