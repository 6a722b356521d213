/** The buffers that values are, or that their elements and properties are: what moves instead of being copied. */
export function buffersIn(values: readonly unknown[]): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  for (const value of values) {
    if (add(value, found) || typeof value !== "object" || value === null) continue;
    for (const part of Array.isArray(value) ? value : Object.values(value)) add(part, found);
  }
  return [...found];
}

function add(value: unknown, found: Set<ArrayBuffer>): boolean {
  const buffer = ArrayBuffer.isView(value) ? value.buffer : value;
  if (!(buffer instanceof ArrayBuffer)) return false;
  // Small Buffers are parts of one that Node keeps.
  if (!(value instanceof Buffer && value.byteLength < buffer.byteLength)) found.add(buffer);
  return true;
}
