import type { MimeBundle } from "../../wire/message.ts";

/** A value as Jupyter's messages carry it. */
export interface Shown {
  readonly data: MimeBundle;
  /** By MIME type: the pixels of an image. */
  readonly metadata?: Record<string, unknown>;
  /** What the value's own method threw, which keeps it from showing itself. */
  readonly problem?: unknown;
}
