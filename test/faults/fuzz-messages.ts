/** Messages that no well-behaved client sends, seeded. */
import fc from "fast-check";
import { encode } from "../../kernel/wire/frames.ts";
import { newMessage } from "../../kernel/wire/header.ts";

export interface Fuzzed {
  readonly channel: "shell" | "control" | "stdin";
  readonly frames: Uint8Array[];
}

const channel = fc.constantFrom("shell" as const, "control" as const, "stdin" as const);
const bytes = fc.uint8Array({ maxLength: 200 });
const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(-1, 1e308, 0.5, "", [], {}, null, true),
);

/** Fields by which the kernel's handlers steer, each with what it should hold or anything else. */
const fields: Record<string, fc.Arbitrary<unknown>> = {
  code: fc.oneof(
    fc.constantFrom("1+1", "throw 1", "let a = 1; a", "%%", "%lsmagic", "console.", "(", "x".repeat(500)),
    fc.string({ unit: "binary", maxLength: 60 }),
    junk,
  ),
  cursor_pos: fc.oneof(fc.integer(), junk),
  silent: fc.oneof(fc.boolean(), junk),
  store_history: fc.oneof(fc.boolean(), junk),
  allow_stdin: junk,
  user_expressions: fc.oneof(fc.constant({ a: "1 +", b: "2" }), junk),
  hist_access_type: fc.oneof(fc.constantFrom("tail", "range", "search"), junk),
  n: fc.oneof(fc.integer(), junk),
  session: fc.oneof(fc.integer({ min: -3, max: 3 }), junk),
  pattern: fc.oneof(fc.constantFrom("*a*a*a*b", "[", "(", "?"), junk),
  output: junk,
  comm_id: fc.oneof(fc.constantFrom("c1", "c2", "__proto__"), junk),
  target_name: fc.oneof(fc.constantFrom("jupyter.widget", "constructor"), junk),
  data: junk,
  subshell_id: fc.oneof(fc.constantFrom("none", "__proto__"), junk),
  command: fc.oneof(
    fc.constantFrom("debugInfo", "inspectVariables", "variables", "dumpCell", "toString"),
    junk,
  ),
  arguments: fc.oneof(fc.constant({ variablesReference: 1 }), junk),
  seq: fc.oneof(fc.nat(), junk),
  value: junk,
  restart: junk,
};
const content = fc.record(fields, { requiredKeys: [] });

/** By how often each is sent. No shutdown, which ends a kernel by right. */
const types = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("execute_request", "complete_request", "inspect_request") },
  {
    weight: 30,
    arbitrary: fc.constantFrom(
      "is_complete_request",
      "history_request",
      "comm_info_request",
      "comm_open",
      "comm_msg",
      "comm_close",
      "delete_subshell_request",
      "list_subshell_request",
      "debug_request",
      "kernel_info_request",
      "input_reply",
      "interrupt_request",
    ),
  },
  { weight: 1, arbitrary: fc.constant("create_subshell_request") },
  {
    weight: 8,
    arbitrary: fc.constantFrom("constructor", "__proto__", "", "x_request", "execute_reply", "status"),
  },
);

/** Well signed, with any content, header and parent. */
const wellSigned = fc
  .record({
    channel,
    type: types,
    content: fc.oneof({ weight: 9, arbitrary: content }, { weight: 1, arbitrary: junk }),
    extra: fc.record({ subshell_id: junk, session: junk, date: junk }, { requiredKeys: [] }),
    oddHeader: fc.integer({ min: 0, max: 9 }),
    buffers: fc.array(bytes, { maxLength: 2 }),
  })
  .map((one) => ({
    channel: one.channel,
    frames(key: string) {
      const message = newMessage(one.channel, one.type, "fuzz", {});
      if (one.oddHeader === 0) Object.assign(message.header, one.extra);
      Object.assign(message, { content: one.content, buffers: one.buffers });
      return encode(message, key);
    },
  }));

/** A message, and then a change to its frames: as a list of how to break it. */
const broken = fc
  .record({
    message: wellSigned,
    how: fc.constantFrom("key", "cut", "frame", "json", "swap"),
    at: fc.nat(8),
    bytes,
  })
  .map(({ message, how, at, bytes: with_ }) => ({
    channel: message.channel,
    frames(key: string) {
      const frames = message.frames(how === "key" ? `${key}x` : key);
      const place = at % frames.length;
      if (how === "cut") return frames.slice(0, place);
      if (how === "frame") return frames.with(place, with_);
      if (how === "json") return frames.with(Math.max(2, place), Buffer.from("{"));
      if (how === "swap") return frames.toReversed();
      return frames;
    },
  }));

const noise = fc.record({ channel, frames: fc.array(bytes, { minLength: 1, maxLength: 9 }) }).map((one) => ({
  channel: one.channel,
  frames: () => one.frames,
}));

const any = fc.oneof(
  { weight: 6, arbitrary: wellSigned },
  { weight: 3, arbitrary: broken },
  { weight: 1, arbitrary: noise },
);

/** `count` messages of a seed; `key` signs what is to be signed. */
export function fuzzedMessages(seed: number, count: number, key: string): Fuzzed[] {
  return fc.sample(any, { seed, numRuns: count }).map((one) => {
    const frames = one.frames(key);
    // ZeroMQ sends no message without a frame.
    return { channel: one.channel, frames: frames.length > 0 ? frames : [Buffer.alloc(0)] };
  });
}
