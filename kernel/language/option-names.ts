import type { Range } from "vscode-languageserver";

/** Where an option of a cell's magic line has a name in its list: `--share a,b`, `--as=ns`. */
export function namesInOption(text: string, option: string, name: string): Range[] {
  const [line = ""] = text.split("\n", 1);
  const lists = line.matchAll(new RegExp(`(?<=\\s)--${option}(?:=|\\s+)(?:"([^"]*)"|'([^']*)'|(\\S+))`, "g"));
  return [...lists].flatMap(({ index, 0: whole, 1: double, 2: single, 3: plain }) => {
    const list = double ?? single ?? plain ?? "";
    const start = index + whole.length - list.length - (plain === undefined ? 1 : 0);
    return [...list.matchAll(/[^\s,]+/g)]
      .filter(([one]) => one === name)
      .map((one) => ({
        start: { line: 0, character: start + one.index },
        end: { line: 0, character: start + one.index + name.length },
      }));
  });
}
