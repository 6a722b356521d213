import { Session } from "node:inspector";
import { stopFollowing } from "./origin.ts";

/** Where the interrupt thread finds the main thread's `strike`: a registered symbol, which user code has no reason to meet. */
const KEY = Symbol.for("tandem.strike");
export const STRIKE = 'globalThis[Symbol.for("tandem.strike")]';

/** Blocks of the engine's own that are not to be ended half-way, one inside the other. */
let sealed = 0;
/** A termination was called for meanwhile. */
let postponed = false;
/** A termination is on its way to the code that runs. */
let terminating = false;

/** Code was ended since `takeStruck` was asked. */
let struck = false;

let session: Session | undefined;
const OwnError = Error;

/**
 * Makes `strike` known to the interrupt thread, which calls it by its inspector session: it then runs on the main thread, in
 * the middle of whatever runs there, and ends that if it is user code; it answers whether another moment would do. So a termination always has JavaScript to end, which V8 takes
 * back when the outermost call is over, and never stays for what runs next.
 */
export function offerStrike(isWanted: () => boolean): void {
  session = new Session();
  session.connect();
  const strike = (persistent: boolean): boolean => {
    if (!isWanted()) return false;
    if (sealed > 0) {
      postponed = true;
      return false;
    }
    const found = look(persistent);
    if (found === "theirs") terminate();
    if (found === "unfit") stopFollowing();
    return found === "unfit";
  };
  Object.defineProperty(globalThis, KEY, { value: strike, configurable: true });
}

/** Runs `work`, which an interrupt then does not end half-way; one that came ends the caller instead. */
export function seal(work: () => void): void {
  // One that is on its way ends this loop, so nothing below.
  for (let i = 0; terminating && i < 1e5; i++);
  sealed++;
  try {
    work();
  } finally {
    if (--sealed === 0 && postponed) {
      postponed = false;
      if (files(FRAMES[1]).some(isOfUser)) terminate();
    }
  }
}

/** Whether code was ended since this was last asked. */
export function takeStruck(): boolean {
  const was = struck;
  struck = false;
  return was;
}

function terminate(): void {
  between = 0;
  struck = true;
  terminating = true;
  session?.post("Runtime.terminateExecution", (error) => {
    // It fails where one is on its way already.
    if (!error) terminating = false;
  });
}

/** So many frames are looked at, first of all few: while `strike` looks, the code it is to end does not go on, but its time does. */
const FRAMES = [16, 1000] as const;

/** A frame's file; with the function where a file of Node's is called by V8 in part. */
function placeOf(frame: NodeJS.CallSite): string {
  const file = frame.getScriptNameOrSourceURL() ?? "";
  return file === "node:internal/errors" ? `${file}#${frame.getFunctionName()}` : file;
}

/** The files of what runs, innermost first; Node's begin with `node:`, built-in functions have none. */
function files(most: number): string[] {
  const { prepareStackTrace, stackTraceLimit } = OwnError;
  try {
    OwnError.stackTraceLimit = most;
    OwnError.prepareStackTrace = (_error, frames) => frames.map(placeOf);
    // What prepareStackTrace returns is the stack.
    return new OwnError().stack as unknown as string[];
  } finally {
    OwnError.prepareStackTrace = prepareStackTrace;
    OwnError.stackTraceLimit = stackTraceLimit;
  }
}

const isOwn = (file: string) => file.startsWith(__dirname);
const isOfUser = (file: string) => file !== "" && !file.startsWith("node:") && !isOwn(file);
/** What is below a promise's continuation that is about to start: its own frame is not there yet. */
const CONTINUATIONS = "node:internal/process/task_queues";
/** How often an interrupt came there: more than twice in a row, and it is a loop of promises. */
let between = 0;

/** Where V8 itself calls JavaScript (a promise is rejected, a stack is written down) and expects no termination. */
const CALLED_BY_V8 =
  /^node:internal\/(?:process\/promises|async_hooks|promise_hooks|source_map|errors#prepareStackTrace)/;

/**
 * Whether what runs is the user's code, or what of Node's that called; `unfit` where V8 or the engine runs something in between
 * (the engine's own code may have been called by V8: promise hooks). `persistent`: whatever runs will do.
 */
function look(persistent: boolean): "theirs" | "unfit" | "nothing" {
  for (const most of FRAMES) {
    // Without `files`, this function and `strike`.
    const [, , , ...below] = files(most).filter((file) => file !== "");
    const user = below.findIndex(isOfUser);
    const above = user < 0 ? below : below.slice(0, user);
    if (above.some((file) => CALLED_BY_V8.test(file))) return "unfit";
    if (persistent && below.length > 0) return "theirs";
    if (user >= 0) return above.some(isOwn) ? "unfit" : "theirs";
    if (below.length === 0) return "nothing";
    if (below.every((file) => file === CONTINUATIONS)) return ++between > 2 ? "theirs" : "unfit";
  }
  return "unfit";
}
