import { randomUUID } from "node:crypto";
import type { MimeBundle } from "../wire/message.ts";

/** What tslab calls a display: one output, by the type of its content. */
export interface TslabDisplay {
  javascript(s: string): void;
  html(s: string): void;
  markdown(s: string): void;
  latex(s: string): void;
  svg(s: string): void;
  png(b: Uint8Array): void;
  jpeg(b: Uint8Array): void;
  gif(b: Uint8Array): void;
  pdf(b: Uint8Array): void;
  text(s: string): void;
  raw(contentType: string, b: string | Uint8Array): void;
}

/** Shows a MIME bundle; one with an id that was shown before takes its place. */
export type Show = (bundle: MimeBundle, id?: string) => void;

/** The module "tslab" as notebooks written for it import it. */
export function tslabModule(show: Show): {
  display: TslabDisplay;
  newDisplay(id?: string): TslabDisplay;
  versions: { tslab: string; typescript: string; node: string };
  [Symbol.toStringTag]: string;
} {
  return {
    // No version of tslab's: a notebook that asks finds where it runs.
    versions: { tslab: "Tandem", typescript: "none in this process", node: process.version },
    display: displayOf(show),
    // Each names an output of its own, which its later calls replace.
    newDisplay: (id = randomUUID()) => displayOf((bundle) => show(bundle, id)),
    [Symbol.toStringTag]: "Module",
  };
}

function displayOf(show: (bundle: MimeBundle) => void): TslabDisplay {
  const text = (type: string) => (content: string) => show({ [type]: content });
  const bytes = (type: string) => (content: Uint8Array) =>
    show({ [type]: Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("base64") });
  return {
    javascript: text("text/javascript"),
    html: text("text/html"),
    markdown: text("text/markdown"),
    latex: text("text/latex"),
    svg: text("image/svg+xml"),
    png: bytes("image/png"),
    jpeg: bytes("image/jpeg"),
    gif: bytes("image/gif"),
    pdf: bytes("application/pdf"),
    text: text("text/plain"),
    raw: (type, content) => (typeof content === "string" ? text(type)(content) : bytes(type)(content)),
  };
}
