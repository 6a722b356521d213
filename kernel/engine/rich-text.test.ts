import { describe, expect, it } from "vitest";
import { RichText } from "./rich-text.ts";

function read(pieces: readonly string[]): string[] {
  const seen: string[] = [];
  const rich = new RichText(
    (text) => {
      const last = seen.at(-1);
      if (last?.startsWith("text:")) seen[seen.length - 1] = last + text;
      else seen.push(`text:${text}`);
    },
    (mime, content) => seen.push(`${mime}:${content}`),
  );
  for (const piece of pieces) rich.push(piece);
  rich.flush();
  return seen;
}

const whole =
  "a\nEVCXR_BEGIN_CONTENT text/html\n<b>\nx</b>\nEVCXR_END_CONTENT\nbEVCXR_BEGIN_CONTENT image/png\nAA==\nEVCXR_END_CONTENT\n";
const taken = ["text:a\n", "text/html:<b>\nx</b>", "text:b", "image/png:AA=="];

describe("content in evcxr's frame", () => {
  it("is taken out of the text", () => expect(read([whole])).toEqual(taken));

  it("however the text is cut", () => {
    for (let at = 1; at < whole.length; at++)
      expect(read([whole.slice(0, at), whole.slice(at)])).toEqual(taken);
    expect(read([...whole])).toEqual(taken);
  });

  it("may be empty, and may lack its last line feed", () => {
    expect(read(["EVCXR_BEGIN_CONTENT text/html\nEVCXR_END_CONTENT\n"])).toEqual(["text/html:"]);
    expect(read(["EVCXR_BEGIN_CONTENT text/html\nx\nEVCXR_END_CONTENT"])).toEqual(["text/html:x"]);
  });

  it("that never ends is text", () => {
    const text = "EVCXR_BEGIN_CONTENT text/html\nx\n";
    expect(read([text, "y"])).toEqual([`text:${text}y`]);
    expect(read(["EVC", "XR", "."])).toEqual(["text:EVCXR."]);
  });
});
