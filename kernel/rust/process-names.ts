import { hostname } from "node:os";
import { isAlive } from "../is-alive.ts";

/** Names this process in a folder that machines may share: `host-1234`. */
export const processName = (): string => `${hostname()}-${process.pid}`;

/** Whether the process of this name has ended; undefined where it is another machine's, which cannot be asked. */
export function hasEnded(name: string): boolean | undefined {
  const dash = name.lastIndexOf("-");
  return name.slice(0, dash) === hostname() ? !isAlive(Number(name.slice(dash + 1))) : undefined;
}
