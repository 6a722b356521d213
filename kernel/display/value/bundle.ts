import { types } from "node:util";
import type { MimeBundle } from "../../wire/message.ts";
import { ownBundle } from "./displayable.ts";
import { drawingOf } from "./drawing.ts";
import { frameOf } from "./frame.ts";
import { pictureOf } from "./picture.ts";
import { toPlain } from "./plain.ts";
import type { Shown } from "./shown.ts";
import { recordsToHtml } from "./table.ts";
import { isTypedArray, summarize } from "./typed-array.ts";

/**
 * A value as a front end shows it: always `text/plain`, and the richer forms it has. Whatever the value's getters, traps
 * and methods do, it does not throw. `later` comes where the value shows itself by a promise; it never rejects.
 */
export function toShown(value: unknown): Shown & { readonly later?: Promise<Shown> } {
  let own: MimeBundle | Promise<MimeBundle> | undefined;
  try {
    own = ownBundle(value);
  } catch (problem) {
    return { data: { "text/plain": toPlain(value) }, problem };
  }
  if (own === undefined) return ofForm(value);
  const plain = { "text/plain": toPlain(value) };
  if (!(own instanceof Promise)) return { data: { ...plain, ...own } };
  const later = own.then(
    (bundle): Shown => ({ data: { ...plain, ...bundle } }),
    (problem: unknown): Shown => ({ data: plain, problem }),
  );
  return { data: plain, later };
}

/** Only what is there at once. */
export const toBundle = (value: unknown): MimeBundle => toShown(value).data;

/** The forms from the most particular to the one that every value has. */
const FORMS: readonly ((value: object) => Shown | undefined)[] = [
  pictureOf,
  (value) => (isTypedArray(value) ? { data: { "text/plain": summarize(value) } } : undefined),
  (value) => withPlain(value, drawingOf(value)),
  (value) => withHtml(value, Array.isArray(value) ? recordsToHtml(value) : undefined),
  (value) => withPlain(value, frameOf(value)),
];

function ofForm(value: unknown): Shown {
  if (typeof value === "string") return pictureOf(value) ?? { data: { "text/plain": toPlain(value) } };
  if (typeof value === "object" && value !== null && !isRevoked(value)) {
    for (const form of FORMS) {
      try {
        const shown = form(value);
        if (shown) return shown;
      } catch {
        // A getter or a trap threw: it has not this form.
      }
    }
  }
  return { data: { "text/plain": toPlain(value) } };
}

/** The text of an element would be all of its document; so its drawing may have a text of its own. */
const withPlain = (value: object, rich: MimeBundle | undefined): Shown | undefined =>
  rich && { data: { "text/plain": rich["text/plain"] ?? toPlain(value), ...rich } };

const withHtml = (value: object, html: string | undefined): Shown | undefined =>
  html === undefined ? undefined : { data: { "text/plain": toPlain(value), "text/html": html } };

/** A proxy that answers nothing any more. */
function isRevoked(value: object): boolean {
  if (!types.isProxy(value)) return false;
  try {
    Array.isArray(value);
    return false;
  } catch {
    return true;
  }
}
