/**
 * A list on its way to another thread. V8 clones numbers in a typed array by copying memory, and one by one otherwise;
 * of objects it clones the names of all properties for each. So lists of alike values travel by columns.
 */
export type Packed =
  | { readonly numbers: Int32Array | Float64Array }
  | { readonly keys: readonly string[]; readonly columns: readonly Packed[]; readonly length: number }
  | { readonly values: readonly unknown[] };

/** Shorter lists are not worth it. */
const FEWEST = 8;

/** Packs a list. What cannot be cloned is left for the cloning to find out. */
export function pack(list: readonly unknown[]): Packed {
  if (list.length < FEWEST) return { values: list };
  const [first] = list;
  const packed =
    typeof first === "number" ? packNumbers(list) : isRecord(first) ? packRecords(list, first) : undefined;
  return packed ?? { values: list };
}

/** The list that was packed. */
export function unpack(packed: Packed): unknown[] {
  if ("values" in packed) return packed.values as unknown[];
  if ("numbers" in packed) return Array.from(packed.numbers);
  return makerOf(packed.keys)(packed.columns.map(unpack), packed.length);
}

function packNumbers(list: readonly unknown[]): Packed | undefined {
  const integers = new Int32Array(list.length);
  let i = 0;
  for (; i < list.length; i++) {
    const value = list[i];
    if (typeof value !== "number") return undefined;
    integers[i] = value;
    // Fractions, what is too large, and −0, which an integer cannot hold.
    if (integers[i] !== value || (value === 0 && 1 / value < 0)) break;
  }
  if (i === list.length) return { numbers: integers };
  const numbers = new Float64Array(list.length);
  numbers.set(integers.subarray(0, i));
  for (; i < list.length; i++) {
    const value = list[i];
    if (typeof value !== "number") return undefined;
    numbers[i] = value;
  }
  return { numbers };
}

type Plain = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Objects of the same properties in the same order become a column for each property. */
function packRecords(list: readonly unknown[], first: Plain): Packed | undefined {
  const keys = Object.keys(first);
  if (keys.length === 0 || keys.length > 64 || keys.includes("__proto__")) return undefined;
  const columns = keys.map((): unknown[] => new Array(list.length));
  for (let i = 0; i < list.length; i++) {
    const record = list[i];
    if (!isRecord(record)) return undefined;
    let k = 0;
    for (const key in record) {
      const column = columns[k];
      if (key !== keys[k] || !column) return undefined;
      column[i] = record[key];
      k++;
    }
    if (k !== keys.length) return undefined;
  }
  return {
    keys,
    // Numbers in columns pay; objects in objects are left to the cloning.
    columns: columns.map(
      (column) => (typeof column[0] === "number" && packNumbers(column)) || { values: column },
    ),
    length: list.length,
  };
}

type Maker = (columns: readonly unknown[][], length: number) => unknown[];

const makers = new Map<string, Maker>();
const MOST_MAKERS = 500;

/** Makes objects from columns by a literal, so that V8 gives them all one shape, as those had that were packed. */
function makerOf(keys: readonly string[]): Maker {
  const fields = keys.map((key, k) => `${JSON.stringify(key)}:columns[${k}][i]`).join(",");
  const known = makers.get(fields);
  if (known) return known;
  const body = `const made=new Array(length);for(let i=0;i<length;i++)made[i]={${fields}};return made`;
  // Keys stand in it as JSON only.
  const maker = new Function("columns", "length", body) as Maker;
  if (makers.size >= MOST_MAKERS) makers.clear();
  makers.set(fields, maker);
  return maker;
}
