import { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { FrameReader } from "./frames.ts";
import { followOrigins } from "./origin.ts";
import { EngineOutput } from "./output.ts";
import { type EngineRequest, FD, type KernelAnswer, type Wake } from "./protocol.ts";
import { Questions } from "./questions.ts";
import { Runner } from "./runner.ts";
import { seal } from "./strike.ts";

/** The engine process: runs user code on its main thread, at the kernel's requests. */

// Arguments: the nonce of the markers. User code sees a process like any other.
const nonce = process.argv[2] ?? "";
process.argv.splice(2);

followOrigins();

const output = new EngineOutput(nonce);
output.install();
const questions = new Questions(output);
const runner = new Runner(process.cwd(), __dirname, output, questions);

const requests = new FrameReader<EngineRequest | KernelAnswer | Wake>((message) => {
  if (message.type === "answer") questions.answered(message);
  else if (message.type !== "wake") runner.handle(message);
});
// Kept referenced: the engine lives until it is ended, with or without timers of the user's.
const pipe = new Socket({ fd: FD.requests, readable: true, writable: false });
pipe.on("data", (chunk: Buffer) => seal(() => requests.push(chunk)));

output.emit({ type: "ready", ms: performance.now() });
runner.warmUp();
