import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeRequest, FrameReader } from "./frames.ts";

/** What the runner sends: a frame whose JSON is one line. */
function reply(message: unknown, buffers: Uint8Array[]): Buffer {
  const text = Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(8 + 9 * buffers.length);
  head.writeUInt32LE(text.length, 0);
  head.writeUInt32LE(buffers.length, 4);
  buffers.forEach((buffer, index) => {
    head.writeBigUInt64LE(BigInt(buffer.length), 9 + 9 * index);
  });
  return Buffer.concat([head, ...buffers, text]);
}

describe("frames", () => {
  test("come whole, however the socket cuts them", () => {
    const messages = fc.array(fc.tuple(fc.jsonValue(), fc.array(fc.uint8Array())), { maxLength: 5 });
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 40 }), (sent, step) => {
        const got: [unknown, Uint8Array[]][] = [];
        const reader = new FrameReader((message, buffers) => got.push([message, buffers]));
        const bytes = Buffer.concat(sent.map(([message, buffers]) => reply(message, buffers)));
        for (let at = 0; at < bytes.length; at += step) reader.push(bytes.subarray(at, at + step));
        // JSON knows no -0.
        const expected = sent.map(([message, buffers]) => [JSON.parse(JSON.stringify(message)), buffers]);
        expect(got).toEqual(expected);
        for (const buffer of got.flatMap(([, buffers]) => buffers)) {
          expect(buffer.byteLength).toBe(buffer.buffer.byteLength);
        }
      }),
    );
  });

  test("leave large buffers uncopied and join small ones", () => {
    const large = new Uint8Array(1_000_000);
    const chunks = encodeRequest(1, "set", {}, [{ kind: "bytes", bytes: large }]);
    expect(chunks.some((chunk) => chunk.buffer === large.buffer)).toBe(true);
    expect(encodeRequest(1, "set", {}, [{ kind: "bytes", bytes: new Uint8Array(3) }])).toHaveLength(1);
  });
});
