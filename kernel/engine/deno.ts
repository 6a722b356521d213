import { readFileSync } from "node:fs";
import type { DisplaySink } from "../display/value/display-function.ts";
import { ownBundle } from "../display/value/displayable.ts";
import { givenBundle } from "../display/value/given-bundle.ts";
import { bitmapOf, pictureOf } from "../display/value/picture.ts";
import { fail } from "../errors.ts";
import type { MimeBundle } from "../wire/message.ts";

/** Node's way to do what Deno's names do. */
const INSTEAD: Readonly<Record<string, string>> = {
  readTextFile: "readFile(path, 'utf8') of node:fs/promises",
  readTextFileSync: "readFileSync(path, 'utf8') of node:fs",
  readFile: "readFile of node:fs/promises",
  readFileSync: "readFileSync of node:fs",
  writeTextFile: "writeFile of node:fs/promises",
  writeTextFileSync: "writeFileSync of node:fs",
  writeFile: "writeFile of node:fs/promises",
  writeFileSync: "writeFileSync of node:fs",
  readDir: "readdir of node:fs/promises",
  readDirSync: "readdirSync of node:fs",
  mkdir: "mkdir of node:fs/promises",
  remove: "rm of node:fs/promises",
  stat: "stat of node:fs/promises",
  env: "process.env",
  args: "process.argv",
  cwd: "process.cwd()",
  chdir: "process.chdir",
  exit: "process.exit",
  pid: "process.pid",
  memoryUsage: "process.memoryUsage",
  version: "process.versions",
  build: "process.platform and process.arch",
  Command: "execFile or spawn of node:child_process",
  serve: "createServer of node:http",
  listen: "createServer of node:net",
  connect: "connect of node:net",
  inspect: "inspect of node:util",
  test: "test of node:test",
  bench: "%%bench",
};

/** What code that looks at any object reads of it; none of them is Deno's. */
const QUIET = new Set(["prototype", "constructor", "then", "toJSON", "name", "length", "$$typeof"]);

const DISPLAY = Symbol.for("Jupyter.display");

/** A value that shows itself as a MIME bundle. */
interface Displayable {
  [DISPLAY](): MimeBundle;
}

const displayable = (bundle: MimeBundle): Displayable => ({ [DISPLAY]: () => bundle });

/** A template's tag: `md`# Title ${n}``. */
const tag =
  (type: string) =>
  (strings: TemplateStringsArray, ...values: unknown[]): Displayable =>
    displayable({ [type]: String.raw({ raw: strings }, ...values) });

interface DenoOptions {
  raw?: boolean;
  display_id?: string;
  update?: boolean;
}

/** What cells find under `Deno`: how Deno's notebooks show things; all else says what Node has for it. */
export function denoNames(sink: DisplaySink): object {
  const format = async (value: unknown): Promise<MimeBundle> =>
    (await ownBundle(value)) ?? { "text/plain": String(value) };
  const jupyter = {
    $display: DISPLAY,
    md: tag("text/markdown"),
    html: tag("text/html"),
    svg: tag("image/svg+xml"),
    image: (source: Uint8Array | string) => displayable(image(source)),
    format,
    display: async (value: unknown, { raw = false, display_id: id, update = false }: DenoOptions = {}) =>
      sink.show({ data: raw ? givenBundle(value) : await format(value) }, { id, update }),
    broadcast: () => {
      throw fail("notDeno", "jupyter.broadcast", "display, or comm for messages to a widget");
    },
  };
  return new Proxy(
    { jupyter },
    {
      get(target, name) {
        if (typeof name === "symbol" || name in target || QUIET.has(name)) return Reflect.get(target, name);
        throw fail("notDeno", name, INSTEAD[name]);
      },
    },
  );
}

/** Bytes, or a file by its path. */
function image(source: Uint8Array | string): MimeBundle {
  const bytes = typeof source === "string" ? readFileSync(source) : source;
  const shown = bitmapOf(bytes) ?? pictureOf(bytes);
  if (!shown) throw fail("badImage", "The bytes are no PNG, JPEG, GIF, WebP or SVG.");
  return shown.data;
}
