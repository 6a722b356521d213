import { describe, expect, it } from "vitest";
import { isAtEnd, movesCursor, screenOf, textOf, write } from "./terminal-text.ts";

/** The text after all pieces. */
const shown = (...pieces: string[]) => textOf(pieces.reduce(write, screenOf("")));

describe("text as a terminal shows it", () => {
  it.each([
    ["plain text stays", ["a\nb", "c\n"], "a\nbc\n"],
    ["a carriage return writes over its line, as far as the new text goes", ["50 %\r75", "\n"], "75 %\n"],
    ["line ends of Windows are line ends", ["a\r\nb\r", "\nc"], "a\nb\nc"],
    ["a bar", ["> 1/2", "\r\x1b[2K", ">> 2/2", "\r\x1b[2K"], ""],
    ["to the line's end", ["abc\rx\x1b[K"], "x"],
    ["to the line's beginning", ["abc\x1b[2D\x1b[1K"], "  c"],
    ["backspaces", ["ab\b\bc"], "cb"],
    [
      "several bars",
      ["a 1\nb 1", "\x1b[1A\r\x1b[2K\x1b[1B\r\x1b[2K\x1b[1A", "a 2\nb 2", "\x1b[1A\r\x1b[Ja 3\nb 3\n"],
      "a 3\nb 3\n",
    ],
    ["a sequence that comes in pieces", ["abc\x1b", "[1", "Dx"], "abx"],
    ["what it does not know draws nothing", ["a\r\x1b[?25lb\x1b]8;;http://x\x07"], "b"],
    [
      "colours, where they stand",
      ["\x1b[31mred\x1b[0m plain\r\x1b[32mg\x1b[0m"],
      "\x1b[32mg\x1b[0m\x1b[31med\x1b[0m plain",
    ],
    ["no cursor leaves above", ["a\x1b[9A\rb"], "b"],
  ])("%s", (_, pieces, expected) => expect(shown(...pieces)).toBe(expected));

  it("keeps all lines of a long text, and writes over the last ones only", () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `line ${i}\n`).join("");
    expect(textOf(screenOf(lines))).toBe(lines);
    const up = textOf(write(screenOf(lines), "\x1b[5000Ax"));
    expect(up.split("\n").filter((line) => line.startsWith("x"))).toHaveLength(1);
    expect(up.split("\n")).toHaveLength(1001);
    expect(shown(lines, "\rend")).toBe(`${lines}end`);
  });

  it("tells what moves a cursor, and where text is just added", () => {
    for (const text of ["a\rb", "a\r", "\b", "\x1b[2A", "\x1b[K", "\x1b", "\x1b["])
      expect(movesCursor(text)).toBe(true);
    for (const text of ["a\n", "a\r\nb", "\x1b[31mred\x1b[0m"]) expect(movesCursor(text)).toBe(false);
    expect(isAtEnd(screenOf("a\nb"))).toBe(true);
    expect(isAtEnd(write(screenOf("a\nb"), "\r"))).toBe(false);
    expect(isAtEnd(write(screenOf(""), "ab\rab"))).toBe(true);
    expect(isAtEnd(write(screenOf(""), "\x1b[31mab"))).toBe(false);
  });
});
