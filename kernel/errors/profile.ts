import type { Advice } from "./advice.ts";

/** What %%profile can refuse. */
export const profileErrors = {
  profileTwice: (): Advice => ({
    what: "A profile is being taken already.",
    why: "V8 takes one of a thread at a time, and a cell of another subshell has begun one.",
    next: "Run this cell when that one is over.",
  }),
  pySpyMissing: (executable: string): Advice => ({
    what: "Python's own functions were not seen.",
    why: `py-spy, which looks at them, is neither beside ${executable} nor on PATH.`,
    next: "Install it with %pip install py-spy and profile again.",
  }),
  pySpyForbidden: (platform: string): Advice => ({
    what: "Python's own functions were not seen.",
    why: "The system does not let py-spy look into another process.",
    next:
      platform === "darwin"
        ? "macOS allows that to root alone: run `sudo py-spy top --pid` with the process's number from import os; os.getpid()."
        : "In a container: start it with `--cap-add SYS_PTRACE`. On a machine: `sudo sysctl kernel.yama.ptrace_scope=1`, which lets Python allow it.",
  }),
  pySpyFailed: (reason: string): Advice => ({
    what: "Python's own functions were not seen.",
    why: `py-spy says: ${reason}`,
    next: "Bring it up to date with %pip install -U py-spy: each Python needs a py-spy that knows it.",
  }),
  pySpyOnWindows: (): Advice => ({
    what: "Python's own functions were not seen.",
    why: "On Windows py-spy cannot be asked to stop and tell what it has seen.",
    next: "Profile them with Python's own: import cProfile; cProfile.run('f()').",
  }),
  profileNotKept: (path: string, reason: string): Advice => ({
    what: `The profile cannot be written to ${path}.`,
    why: reason,
    next: "Make room, or a folder that can be written, and run the cell again.",
  }),
};
