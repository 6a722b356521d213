/** Text of a stream as a terminal would show it: VS Code draws a carriage return as a line's end, and moves no cursor. */

/** A character with the colours (SGR sequences) that hold where it stands. */
interface Cell {
  readonly text: string;
  readonly style: string;
}

/** The last lines of a stream, which what comes may write over, and where it would write. */
export interface Screen {
  /** The text before them. */
  readonly above: string;
  readonly lines: readonly (readonly Cell[])[];
  readonly row: number;
  readonly column: number;
  readonly style: string;
  /** The beginning of a sequence whose rest has not come. */
  readonly begun: string;
}

/** Lines that a cursor can go back to, and characters of them. */
const height = 100;
const most = 10_000;
const noScreen: Screen = { above: "", lines: [[]], row: 0, column: 0, style: "", begun: "" };

/** Whether a text writes over what stands before it, or may. */
export function movesCursor(text: string): boolean {
  return moves.test(text);
}
// What a terminal is told is made of control characters.
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const moves = /\r(?!\n)|\x08|\x1b\[[0-9;]*[A-GJK]|\x1b(?:\[[0-9;?]*)?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const beginning = /\x1b(?:\[[0-9;?]*)?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const commandOf = /^\x1b\[([0-9;]*)([A-Za-z])$/;
/** Sequences that a terminal knows, and single characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const tokens = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|[\s\S]/gu;

/** The screen of a stream that has shown `text`. */
export function screenOf(text: string): Screen {
  let from = text.length;
  for (let line = 0; line < height && from > 0; line++) from = text.lastIndexOf("\n", from - 1);
  const start = Math.max(from > 0 ? from + 1 : 0, text.length - most);
  const above = text.slice(0, start);
  return write({ ...noScreen, above }, text.slice(above.length));
}

/** Whether text without sequences would just be added at the end. */
export function isAtEnd({ lines, row, column, style, begun }: Screen): boolean {
  return begun === "" && style === "" && row === lines.length - 1 && column === (lines[row]?.length ?? 0);
}

/** The whole text of the stream. */
export function textOf({ above, lines }: Screen): string {
  return above + lines.map(drawn).join("\n");
}

/** The screen after further text. */
export function write(screen: Screen, text: string): Screen {
  // Of much text only the end can be written over later.
  if (text.length > most && isAtEnd(screen) && !movesCursor(text)) return screenOf(textOf(screen) + text);
  const whole = screen.begun + text;
  const begun = beginning.exec(whole)?.[0] ?? "";
  const lines = screen.lines.map((line) => [...line]);
  let { row, column, style } = screen;
  // A row that the cursor is on, made where there is none.
  const line = () => {
    while (lines.length <= row) lines.push([]);
    return lines[row] as Cell[];
  };
  for (const [token] of whole.slice(0, whole.length - begun.length).matchAll(tokens)) {
    const [, digits = "", command] = commandOf.exec(token) ?? [];
    const count = Math.max(1, Number.parseInt(digits, 10) || 1);
    if (command === "m") style = /^(?:0|)$/.test(digits) ? "" : style + token;
    else if (command === "K") erase(line(), column, digits);
    else if (command === "J" && digits !== "1") {
      erase(line(), column, digits);
      lines.splice(row + 1);
      if (digits === "2" || digits === "3") for (const one of lines) one.splice(0);
    } else if (command === "A" || command === "F") row = Math.max(0, row - count);
    else if (command === "B" || command === "E") row += count;
    else if (command === "C") column += count;
    else if (command === "D") column = Math.max(0, column - count);
    else if (command === "G") column = count - 1;
    else if (token === "\b") column = Math.max(0, column - 1);
    else if (token === "\n") row++;
    else if (!token.startsWith("\x1b") && token !== "\r") {
      const cells = line();
      while (cells.length < column) cells.push({ text: " ", style: "" });
      cells[column++] = { text: token, style };
    }
    if (token === "\r" || token === "\n" || command === "E" || command === "F") column = 0;
    line();
  }
  if (lines.some(({ length }) => length > most)) {
    // No bar is as long: nothing goes back to it.
    return { ...noScreen, above: screen.above + lines.map(drawn).join("\n"), style, begun };
  }
  const past = lines.splice(0, Math.max(0, lines.length - height));
  const above = screen.above + past.map((one) => `${drawn(one)}\n`).join("");
  return { above, lines, row: Math.max(0, row - past.length), column, style, begun };
}

/** `CSI K`: from the cursor on, up to it, or all of the line. */
function erase(line: Cell[], column: number, digits: string): void {
  if (digits === "1") line.fill({ text: " ", style: "" }, 0, column + 1);
  else line.splice(digits === "" || digits === "0" ? column : 0);
}

function drawn(line: readonly Cell[]): string {
  let style = "";
  let text = "";
  for (const cell of line) {
    if (cell.style !== style) text += `${style ? "\x1b[0m" : ""}${cell.style}`;
    style = cell.style;
    text += cell.text;
  }
  return style ? `${text}\x1b[0m` : text;
}
