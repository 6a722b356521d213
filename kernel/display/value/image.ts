/** An image, by what its first bytes say. */
export interface ImageFacts {
  readonly type: "image/png" | "image/jpeg" | "image/gif" | "image/webp";
  /** In pixels; undefined where the bytes end before they tell. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
}

/** What kind of image the bytes are, and its size; undefined if they are none. By the formats' specifications. */
export function imageFacts(bytes: Uint8Array): ImageFacts | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = FORMATS.find(({ matches }) => matches(bytes));
  if (!format) return undefined;
  try {
    const [width, height] = format.size(view);
    return { type: format.type, size: width > 0 && height > 0 ? { width, height } : undefined };
  } catch {
    // They end too early.
    return { type: format.type, size: undefined };
  }
}

interface Format {
  readonly type: ImageFacts["type"];
  matches(bytes: Uint8Array): boolean;
  /** Throws a RangeError where the bytes end before. */
  size(view: DataView): [width: number, height: number];
}

const FORMATS: readonly Format[] = [
  {
    type: "image/png",
    matches: (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    // The chunk IHDR comes first.
    size: (view) => [view.getUint32(16), view.getUint32(20)],
  },
  { type: "image/jpeg", matches: (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]), size: jpegSize },
  {
    type: "image/gif",
    matches: (bytes) => startsWith(bytes, [0x47, 0x49, 0x46, 0x38]),
    size: (view) => [view.getUint16(6, true), view.getUint16(8, true)],
  },
  {
    type: "image/webp",
    matches: (bytes) => ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 12) === "WEBP",
    size: webpSize,
  },
];

const startsWith = (bytes: Uint8Array, start: readonly number[]) =>
  start.every((byte, i) => bytes[i] === byte);

const ascii = (bytes: Uint8Array, from: number, to: number) =>
  String.fromCharCode(...Array.from({ length: to - from }, (_, i) => bytes[from + i] ?? 0));

/** From segment to segment, up to the one that starts the frame (SOF0 to SOF15, without DHT, JPG and DAC). */
function jpegSize(view: DataView): [number, number] {
  for (let at = 2; ; at += 2 + view.getUint16(at + 2)) {
    // Segments may be filled up before they start.
    while (view.getUint8(at) === 0xff && view.getUint8(at + 1) === 0xff) at++;
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) throw new RangeError("No segment starts here.");
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return [view.getUint16(at + 7), view.getUint16(at + 5)];
  }
}

/** Lossy (VP8), lossless (VP8L) or with features of either (VP8X). */
function webpSize(view: DataView): [number, number] {
  const uint24 = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
  switch (ascii(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), 12, 16)) {
    case "VP8X":
      return [uint24(24) + 1, uint24(27) + 1];
    case "VP8L": {
      const bits = view.getUint32(21, true);
      return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
    }
    default:
      return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  }
}
