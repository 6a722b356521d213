/** First bytes of the kinds of pictures that every browser shows, in hexadecimal. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^89504e470d0a1a0a/, "image/png"],
  [/^ffd8ff/, "image/jpeg"],
  [/^47494638/, "image/gif"],
  [/^52494646.{8}57454250/, "image/webp"],
];

/** The MIME type of a picture, by its bytes; SVG by its element. */
export function pictureType(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, 16).toString("hex");
  const kind = KINDS.find(([pattern]) => pattern.test(head))?.[1];
  if (kind) return kind;
  return /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:.|\n)*?-->\s*)*<svg[\s>]/.test(
    bytes.subarray(0, 4096).toString("utf8"),
  )
    ? "image/svg+xml"
    : undefined;
}
