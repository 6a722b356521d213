import { spawn } from "node:child_process";

/** Keeps a core busy for random times between 20 and 400 ms, with rests between. */
const bursts = `
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  (async () => {
    for (;;) {
      const end = Date.now() + 20 + Math.random() * 380;
      while (Date.now() < end);
      await wait(20 + Math.random() * 380);
    }
  })();
  process.on("disconnect", () => process.exit());`;

/** Starts so many busy processes; returns what ends them. */
export async function busyNeighbours(count: number): Promise<() => void> {
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, ["-e", bursts], { stdio: ["ignore", "ignore", "inherit", "ipc"] }),
  );
  await new Promise((done) => setTimeout(done, 300));
  return () => {
    for (const child of children) child.kill("SIGKILL");
  };
}
