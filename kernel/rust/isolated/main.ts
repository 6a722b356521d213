// One bundle in two roles: the process that runs an isolated cell's code, and the engine's thread that talks to it.
import { isMainThread } from "node:worker_threads";
import { bridge } from "./bridge.ts";
import { serve } from "./process.ts";

if (isMainThread) serve();
else bridge();
