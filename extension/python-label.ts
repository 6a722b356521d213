/** `Python 3.13.0, GIL on`, from the metadata of a cell's outputs; undefined where none of them came from Python. */
export function interpreterLabel(outputs: readonly unknown[]): string | undefined {
  for (const output of [...outputs].reverse()) {
    const about = field(field(field(output, "metadata"), "tandem"), "python");
    const gil = field(field(field(output, "metadata"), "tandem"), "gil");
    if (typeof about === "string") return `Python ${about}, GIL ${gil === false ? "off" : "on"}`;
  }
  return undefined;
}

/** A field of what came over the wire, which may have any shape. */
function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
