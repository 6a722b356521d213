import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode } from "./frames.ts";
import { newMessage } from "./header.ts";
import type { Message } from "./message.ts";

const KEY = "a secret";

function request(content: Record<string, unknown> = {}): Message {
  const message = newMessage("shell", "execute_request", "session-1", content);
  return { ...message, identities: [Buffer.from([0, 1, 255])] };
}

describe("frames", () => {
  it("brings any message back as it was", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ noUnicodeString: false })),
        fc.array(fc.uint8Array()),
        fc.string(),
        (content, bytes, key) => {
          // What JSON cannot tell apart (-0 and 0) is not the wire's concern.
          const plain = JSON.parse(JSON.stringify(content));
          const buffers = bytes.map((each) => Buffer.from(each));
          const message = { ...request(plain), buffers };
          expect(decode(encode(message, key), key, "shell")).toEqual(message);
        },
      ),
    );
  });

  it("drops a message signed with another key, or not at all", () => {
    const frames = encode(request(), "another secret");
    expect(decode(frames, KEY, "shell")).toBeUndefined();
    expect(decode(encode(request(), ""), KEY, "shell")).toBeUndefined();
  });

  it("drops a message whose content was changed after signing", () => {
    const frames = encode(request({ code: "1 + 1" }), KEY);
    const changed = frames.map((frame) =>
      Buffer.from(Buffer.from(frame).toString().replace("1 + 1", "1 + 2")),
    );
    expect(decode(changed, KEY, "shell")).toBeUndefined();
  });

  it("takes any signature where the key is empty", () => {
    expect(decode(encode(request(), "some key"), "", "shell")).toBeDefined();
  });

  it("signs as the protocol says", () => {
    // hmac.new(b"a secret", header + b"{}{}{}", "sha256").hexdigest() in Python
    const signature = "918eebb45f7e1e561eeda57a15e72b24321b93551725068b2fa6b0b7295e0268";
    const frames = ["<IDS|MSG>", signature, '{"msg_id":"1","msg_type":"x"}', "{}", "{}", "{}"];
    const message = decode(
      frames.map((text) => Buffer.from(text)),
      KEY,
      "shell",
    );
    expect(message?.header.msg_type).toBe("x");
  });

  it("passes over what is no message", () => {
    const texts = [
      [],
      ["<IDS|MSG>"],
      ["<IDS|MSG>", "", "{", "{}", "{}", "{}"],
      ["<IDS|MSG>", "", "[]", "{}", "{}", "{}"],
      ["<IDS|MSG>", "", '{"msg_id":"1","msg_type":"x"}', "{}", "{}", "[1]"],
      ["<IDS|MSG>", "", '{"msg_id":"1"}', "{}", "{}", "{}"],
    ];
    for (const frames of texts) {
      expect(
        decode(
          frames.map((text) => Buffer.from(text)),
          "",
          "shell",
        ),
      ).toBeUndefined();
    }
  });
});
