import { deserialize, serialize } from "node:v8";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeFrame, FrameReader } from "./frames.ts";
import { MarkerReader, marker } from "./markers.ts";
import { OrderedOutput } from "./ordered-output.ts";
import type { EngineEvent, PlacedEvent } from "./protocol.ts";

const NONCE = "0123456789abcdef";

/** Cuts bytes into chunks of the given lengths, over and over. */
function chunks(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const cut: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? 1;
    cut.push(bytes.subarray(at, at + length));
    at += length;
  }
  return cut;
}

const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

describe("markers", () => {
  test("and text come out in order, however the bytes arrive", () => {
    const items = fc.array(fc.oneof(fc.string({ unit: "grapheme", minLength: 1 }), fc.nat()));
    fc.assert(
      fc.property(items, cuts, (all, lengths) => {
        const parts = all.map((item) => (typeof item === "string" ? Buffer.from(item) : marker(NONCE, item)));
        const seen: (string | number)[] = [];
        const reader = new MarkerReader(
          NONCE,
          (text) => {
            const last = seen.at(-1);
            if (typeof last === "string") seen[seen.length - 1] = last + text;
            else seen.push(text);
          },
          (place) => seen.push(place),
        );
        for (const chunk of chunks(Buffer.concat(parts), lengths)) reader.push(chunk);
        reader.end();
        const expected: (string | number)[] = [];
        for (const item of all) {
          const last = expected.at(-1);
          if (typeof item === "string" && typeof last === "string")
            expected[expected.length - 1] = last + item;
          else expected.push(item);
        }
        expect(seen).toEqual(expected);
      }),
    );
  });

  test("bring the content that stands in them, whatever it is", () => {
    const contents = fc.array(fc.oneof(fc.uint8Array(), fc.constant(undefined)));
    fc.assert(
      fc.property(contents, cuts, (all, lengths) => {
        const bytes = all.map((one, place) => {
          // Content that looks like a marker is content.
          const content = one && Buffer.concat([one, marker(NONCE, place)]);
          return Buffer.concat([Buffer.from(`t${place}`), marker(NONCE, place, content)]);
        });
        const seen: [number, Buffer | undefined][] = [];
        let text = "";
        const reader = new MarkerReader(
          NONCE,
          (more) => (text += more),
          (place, content) => seen.push([place, content && Buffer.from(content)]),
        );
        for (const chunk of chunks(Buffer.concat(bytes), lengths)) reader.push(chunk);
        reader.end();
        expect(text).toBe(all.map((_, place) => `t${place}`).join(""));
        expect(seen).toEqual(
          all.map((one, place) => [place, one && Buffer.concat([one, marker(NONCE, place)])]),
        );
      }),
    );
  });

  test("that only begin are text", () => {
    let text = "";
    const reader = new MarkerReader(
      NONCE,
      (more) => (text += more),
      () => expect.fail("no marker"),
    );
    reader.push(Buffer.from(`a\0${NONCE.slice(0, 5)}`));
    expect(text).toBe("a");
    reader.push(Buffer.from("zz\0"));
    reader.end();
    expect(text).toBe(`a\0${NONCE.slice(0, 5)}zz\0`);
  });
});

describe("frames", () => {
  test("come out whole, however the bytes arrive", () => {
    fc.assert(
      fc.property(fc.array(fc.anything()), cuts, (values, lengths) => {
        const frames: Buffer[] = [];
        const sent: unknown[] = [];
        for (const value of values) {
          try {
            frames.push(encodeFrame(value));
            sent.push(structuredClone(value));
          } catch {
            // Not everything can be cloned.
          }
        }
        const seen: unknown[] = [];
        const reader = new FrameReader((value) => seen.push(value));
        for (const chunk of chunks(Buffer.concat(frames), lengths)) reader.push(chunk);
        expect(seen).toEqual(sent);
      }),
    );
  });
});

describe("the order of the three pipes", () => {
  /** Feeds what an engine says, each pipe in its own order, the pipes mixed as `turns` say. */
  function feed(turns: readonly number[]): string[] {
    const seen: string[] = [];
    const output = new OrderedOutput<EngineEvent>(
      NONCE,
      (name, text) => seen.push(`${name}:${text}`),
      (event) => seen.push(event.type === "stream" ? `event:${event.text}` : event.type),
      (content) => deserialize(content) as PlacedEvent,
    );
    const inMarker = serialize({ type: "clear", wait: true, place: 3 } satisfies PlacedEvent);
    const stream = (place: number): PlacedEvent => ({
      type: "stream",
      name: "stderr",
      text: `${place}`,
      place,
    });
    const pipes: (() => void)[][] = [
      ["a", 0, "b", 1, 2, "c", 3, 4].map((part) => () => {
        const content = part === 3 ? inMarker : undefined;
        output.stdout(typeof part === "string" ? Buffer.from(part) : marker(NONCE, part, content));
      }),
      [stream(0), stream(1), { type: "done", id: 1, place: 2 } as const, stream(4)].map((event) => () => {
        output.event(event);
      }),
      [() => output.stderr(Buffer.from("raw")), () => output.stderr(marker(NONCE, 2))],
    ];
    for (const turn of turns) pipes[turn % 3]?.shift()?.();
    for (const pipe of pipes) for (const step of pipe) step();
    return seen;
  }

  test("is stdout's, and a cell's end comes after its raw stderr", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2), { maxLength: 30 }), (turns) => {
        const seen = feed(turns);
        expect(seen.filter((one) => one !== "stderr:raw")).toEqual([
          "stdout:a",
          "event:0",
          "stdout:b",
          "event:1",
          "done",
          "stdout:c",
          "clear",
          "event:4",
        ]);
        expect(seen.indexOf("stderr:raw")).toBeLessThan(seen.indexOf("done"));
      }),
    );
  });

  test("an event that lost its marker to an interrupt stands before the next one", () => {
    const seen: string[] = [];
    const output = new OrderedOutput<EngineEvent>(
      NONCE,
      (_, text) => seen.push(text),
      (event) => seen.push(event.type),
    );
    output.event({ type: "clear", wait: false, place: 0 });
    output.stdout(Buffer.concat([Buffer.from("a"), marker(NONCE, 1), Buffer.from("b")]));
    output.event({ type: "begin", id: 1, place: 1 });
    output.event({ type: "exiting", code: 0, where: "", place: 2 });
    expect(seen).toEqual(["a", "clear", "begin", "b"]);
  });

  test("an engine that dies loses nothing that it said", () => {
    const seen: string[] = [];
    const output = new OrderedOutput<EngineEvent>(
      NONCE,
      (_, text) => seen.push(text),
      (event) => seen.push(event.type),
    );
    output.stdout(Buffer.concat([Buffer.from("a"), marker(NONCE, 0), Buffer.from("b")]));
    output.event({ type: "clear", wait: false, place: 1 });
    expect(seen).toEqual(["a"]);
    output.event({ type: "begin", id: 1, place: 0 });
    output.stdout(Buffer.from("\0"));
    output.end();
    expect(seen).toEqual(["a", "begin", "b", "\0", "clear"]);
  });
});
