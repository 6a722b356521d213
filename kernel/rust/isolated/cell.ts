import { fail } from "../../errors.ts";
import { readManifest } from "../compile.ts";
import { isOwn, type RustExports, type RustFunction, type RustType } from "../exports.ts";
import { pathOf, place } from "../load.ts";
import { notebookName } from "../names.ts";
import { answered, IsolatedProcess } from "./call.ts";

/** One process for all isolated cells of the notebook. */
let shared: IsolatedProcess | undefined;

/** What an isolated cell declares: functions whose code runs in a process of its own. */
export function loadIsolated(
  library: string,
  file: string,
  bigAsNumber: boolean,
  signal: () => AbortSignal,
): Map<string, unknown> {
  const { exports } = readManifest(library);
  shared ??= new IsolatedProcess(__dirname);
  const there = shared;
  const declared = new Map<string, unknown>();
  for (const signature of exports.functions) {
    const path = pathOf(signature);
    const [holder, name] = [signature.owner?.split("::") ?? signature.module, signature.name];
    const written = signature.parameters.flatMap(({ type }, index) => (writes(type) ? [index] : []));
    const ask = { library, file, bigAsNumber, path, written };
    if (signature.role === "constant") {
      const question = { ...ask, path: [...holder, name].map(notebookName).join("::"), values: [] };
      const answer = there.call({ ...question, constant: true, async: false });
      place(declared, holder, name, answered(answer, name, [], []));
      continue;
    }
    const abort = () => there.end();
    const call = (...values: unknown[]) => {
      const interrupted = signal();
      // Where an interrupt terminates this function, the listener stays, and ends what runs in the process.
      interrupted.addEventListener("abort", abort, { once: true });
      const answer = there.call({ ...ask, values, constant: false, async: false });
      interrupted.removeEventListener("abort", abort);
      return answered(answer, name, values, written);
    };
    // The arrays belong to the notebook meanwhile: what is written goes to a copy, as with every `.async`.
    const later = async (...values: unknown[]) => {
      const interrupted = signal();
      interrupted.addEventListener("abort", abort, { once: true });
      try {
        const question = { ...ask, written: [], values, constant: false, async: !signature.async };
        return answered(await there.callLater(question), name, values, []);
      } finally {
        interrupted.removeEventListener("abort", abort);
      }
    };
    const fn = signature.async ? later : call;
    Object.defineProperty(fn, "name", { value: notebookName(name) });
    place(declared, holder, name, Object.assign(fn, { async: later }));
  }
  return declared;
}

function writes(type: RustType): boolean {
  return type.kind === "slice" && type.mutable;
}

/** Throws where a cell exports what cannot be in another process: classes, traits, functions that take or give either, callbacks or iterators. */
export function refuseIsolated(exports: RustExports): void {
  const classes = exports.types.filter(
    // The type of a result that is iterated has a name of ours; its function is named.
    (one) => isOwn(one) && !["struct", "tuple", "enum", "lazy"].includes(one.shape.kind),
  );
  const functions = exports.functions.filter((one) => !one.owner && typesOf(one).some(isLive));
  const names = [...classes, ...functions, ...exports.traits.filter(isOwn)].map(({ name }) => name);
  if (names.length > 0) throw fail("isolatedTakes", names);
}

const typesOf = ({ parameters, returns }: RustFunction) => [...parameters.map(({ type }) => type), returns];

/** Whether a value is more than data: it lives in one process. */
function isLive(type: RustType): boolean {
  if (["instance", "dyn", "impl", "callback", "lazy"].includes(type.kind)) return true;
  if (type.kind === "tuple") return type.elements.some(isLive);
  if (type.kind === "map") return isLive(type.key) || isLive(type.value);
  if ("element" in type && typeof type.element === "object") return isLive(type.element);
  return "inner" in type && isLive(type.inner);
}
