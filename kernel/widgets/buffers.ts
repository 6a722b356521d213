type State = Record<string, unknown>;
type Path = (string | number)[];

/** A widget's state as its messages carry it: binary values apart, with the paths at which they belong. */
export interface PackedState {
  readonly state: State;
  readonly buffer_paths: Path[];
  readonly buffers: Uint8Array[];
}

/** Takes the binary values (typed arrays, DataViews, ArrayBuffers) out of a state, at any depth of arrays and objects. */
export function packState(state: State): PackedState {
  const paths: Path[] = [];
  const buffers: Uint8Array[] = [];
  const walk = (value: unknown, path: Path): unknown => {
    const bytes = bytesOf(value);
    if (bytes) {
      paths.push(path);
      buffers.push(bytes);
      return null;
    }
    if (Array.isArray(value)) return value.map((item, i) => walk(item, [...path, i]));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
  };
  // The top level is an object: what comes back is one.
  return { state: walk(state, []) as State, buffer_paths: paths, buffers };
}

/** Puts the binary values back, as `Uint8Array`s. Paths that lead nowhere are left out. */
export function unpackState(state: State, paths: unknown, buffers: readonly Uint8Array[]): State {
  for (const [i, path] of (Array.isArray(paths) ? paths : []).entries()) {
    const buffer = buffers[i];
    if (!Array.isArray(path) || !buffer) continue;
    const steps = path.map(String);
    const last = steps.pop();
    let at: unknown = state;
    for (const step of steps) {
      at = typeof at === "object" && at !== null && Object.hasOwn(at, step) ? (at as State)[step] : undefined;
    }
    if (typeof at === "object" && at !== null && last !== undefined && last !== "__proto__") {
      (at as State)[last] = buffer;
    }
  }
  return state;
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return undefined;
}
