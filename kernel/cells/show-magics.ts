import type { MimeBundle } from "../wire/message.ts";
import type { CellMagic, MagicCell } from "./magic.ts";
import { declaredOut, optionText } from "./option-values.ts";
import type { Session } from "./session.ts";

interface Shown {
  readonly name: string;
  readonly what: string;
  readonly type: string;
  /** What a front end without the type shows. */
  readonly plain: (body: string) => string;
  readonly example: string;
  readonly details: string;
}

/** A magic whose cell is shown as it stands. */
function showMagic({ name, what, type, plain, example, details }: Shown): CellMagic {
  return {
    name,
    summary: `Show the cell as ${what}`,
    options: [],
    example,
    details: `${details} \`--out name\` declares the text, a string, and does not show it.`,
    async run(cell: MagicCell, session: Session) {
      const { body, output } = cell;
      const out = optionText(cell.options, "out");
      const data: MimeBundle = { [type]: body, "text/plain": plain(body) };
      if (out === undefined) output.display(data);
      else await session.engine.call(cell, "cells.define", { name: out, value: body });
      return { status: "ok" };
    },
    typeView: async ({ options }) => ({ text: declaredOut(options, "string") }),
  };
}

export const html = showMagic({
  name: "html",
  what: "HTML",
  type: "text/html",
  plain: () => "HTML",
  example: "%%html\n<b>bold</b> and <i>italic</i>",
  details: "The text is taken as it is. For HTML made of values there is `display.html(text)`.",
});

export const markdown = showMagic({
  name: "markdown",
  what: "Markdown",
  type: "text/markdown",
  plain: (body) => body,
  example: "%%markdown\n**bold** and $x^2$",
  details: "For Markdown made of values there is `display.markdown(text)`.",
});

export const svg = showMagic({
  name: "svg",
  what: "an SVG picture",
  type: "image/svg+xml",
  plain: () => "an SVG image",
  example:
    '%%svg\n<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="18"/></svg>',
  details: "For a picture made of values there is `display.svg(text)`.",
});
