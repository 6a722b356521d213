import type { Message, Wire } from "./message.ts";

/** What goes at once, what is allowed again each second, and what is kept for the answer to an interrupt. */
interface Rate {
  readonly burst: number;
  readonly perSecond: number;
  readonly reserve: number;
}

/** How fast iopub's messages go; `bytes` counts those of stream messages, and is left out where they are not limited. */
export interface Pace {
  readonly messages: Rate;
  readonly bytes?: Rate;
}

/**
 * More than a front end draws, and less than a client in Python reads: so no more is on its way than it can take, and who
 * interrupts a flood of displays need not wait for thousands of them.
 */
export const usualPace: Pace = { messages: { burst: 3000, perSecond: 1000, reserve: 500 } };

/**
 * Jupyter Server drops messages of a kernel that sends more than 3,000 of them, or 3 MB of stream text, within 3 seconds
 * (its `iopub_msg_rate_limit`, `iopub_data_rate_limit` and `rate_limit_window`), and forgets the count at each idle
 * status. So burst, reserve and what is allowed in 6 seconds add up to less: where the server itself stands still for its 3
 * seconds, what came meanwhile falls into one window.
 */
export const jupyterServerPace: Pace = {
  messages: { burst: 700, perSecond: 330, reserve: 300 },
  bytes: { burst: 0.9e6, perSecond: 0.3e6, reserve: 0.3e6 },
};

/** Types that the server does not count. */
const UNCOUNTED = new Set(["status", "comm_open", "execute_input"]);

/** Whether a kernel was started by Jupyter Server, for a notebook or a console. */
export const isBehindJupyterServer = (env: NodeJS.ProcessEnv = process.env): boolean =>
  env.JPY_SESSION_NAME !== undefined;

/** The same wire, whose iopub messages leave no faster than that. Their order stays. */
export function paced(wire: Wire, pace: Pace): Wire {
  const messages = new Allowance(pace.messages);
  const bytes = pace.bytes && new Allowance(pace.bytes);
  /** Resolves when the message before was given its turn. */
  let last: Promise<void> | undefined;

  const turn = async (message: Message, before: Promise<void> | undefined) => {
    await before;
    await messages.take(1);
    await bytes?.take(sizeOf(message));
  };

  const after = async (before: Promise<void> | undefined) => before;

  return {
    ...wire,
    onRequest: (handler) =>
      wire.onRequest((request) => {
        if (request.header.msg_type === "interrupt_request") {
          messages.useReserve();
          bytes?.useReserve();
        }
        handler(request);
      }),
    async send(message) {
      if (message.channel !== "iopub") return wire.send(message);
      const counted = !UNCOUNTED.has(message.header.msg_type);
      if (last || (counted && !(messages.has(1) && (!bytes || bytes.has(sizeOf(message)))))) {
        const mine = counted ? turn(message, last) : after(last);
        last = mine;
        await mine;
        if (last === mine) last = undefined;
      } else if (counted) {
        messages.spend(1);
        bytes?.spend(sizeOf(message));
      }
      if (message.content.execution_state === "idle") {
        messages.fill();
        bytes?.fill();
      }
      return wire.send(message);
    },
  };
}

/** What the server counts of a message: stream messages whole, of others nothing. */
function sizeOf({ header, parent_header, content }: Message): number {
  if (header.msg_type !== "stream") return 0;
  return Buffer.byteLength(JSON.stringify([header, parent_header, content])) + 300;
}

/** A token bucket. */
class Allowance {
  readonly #rate: Rate;
  #left: number;
  #reserve: number;
  #at = performance.now();

  constructor(rate: Rate) {
    this.#rate = rate;
    this.#left = rate.burst;
    this.#reserve = rate.reserve;
  }

  has(amount: number): boolean {
    const now = performance.now();
    const { burst, perSecond } = this.#rate;
    this.#left = Math.min(burst, this.#left + (perSecond * (now - this.#at)) / 1000);
    this.#at = now;
    // What is more than a burst goes out of a full bucket, or it would never go.
    return amount === 0 || this.#left >= Math.min(amount, burst);
  }

  spend(amount: number): void {
    this.#left -= amount;
  }

  async take(amount: number): Promise<void> {
    while (!this.has(amount)) await new Promise((resolve) => setTimeout(resolve, 5));
    this.spend(amount);
  }

  useReserve(): void {
    this.#left += this.#reserve;
    this.#reserve = 0;
  }

  fill(): void {
    this.#left = this.#rate.burst;
    this.#reserve = this.#rate.reserve;
  }
}
