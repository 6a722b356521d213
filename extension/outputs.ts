/** Jupyter's output messages turned into the operations on a cell's outputs; nothing here knows VS Code. */
import type { Message, MimeBundle } from "../kernel/wire/message.ts";
import { decodeBundle, errorItem, type OutputItem, streamItem } from "./mime.ts";
import { isAtEnd, movesCursor, type Screen, screenOf, textOf, write } from "./terminal-text.ts";

/** An output as VS Code's notebook serializer expects it: its metadata decides what is written to disk. */
export interface OutputData {
  readonly items: readonly OutputItem[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

export type OutputOperation =
  | { readonly kind: "add"; readonly id: number; readonly output: OutputData }
  /** Further text of a stream. */
  | { readonly kind: "extend"; readonly id: number; readonly item: OutputItem }
  | { readonly kind: "replace"; readonly id: number; readonly output: OutputData }
  | { readonly kind: "clear" };

/** What has to be known of a cell's outputs to place the next one. Ids count from 0 within a cell. */
export interface OutputState {
  readonly nextId: number;
  /** The last output, where it is a stream that more text can join. */
  readonly stream: Stream | undefined;
  /** `clear_output(wait=True)` was said: the next output clears first. */
  readonly clearPending: boolean;
  /** Outputs by the display id that updates name. */
  readonly displays: ReadonlyMap<string, readonly number[]>;
}

interface Stream {
  readonly id: number;
  readonly name: string;
  /** Its text, until something has moved the cursor. */
  readonly text: string;
  /** From then on. */
  readonly screen: Screen | undefined;
}

export const noOutput: OutputState = {
  nextId: 0,
  stream: undefined,
  clearPending: false,
  displays: new Map(),
};

type Step = readonly [OutputState, readonly OutputOperation[]];

/** What an iopub message does to the outputs of the cell that it belongs to; other messages do nothing. */
export function reduceOutput(state: OutputState, message: Message): Step {
  const content = message.content;
  switch (message.header.msg_type) {
    case "stream":
      return stream(state, String(content.name), String(content.text));
    case "display_data":
    case "execute_result":
      return add(state, message.header.msg_type, content);
    case "error":
      return append(state, errorOutput(content));
    case "clear_output":
      return content.wait === true
        ? [{ ...state, clearPending: true }, []]
        : [cleared(state), [{ kind: "clear" }]];
    default:
      return [state, []];
  }
}

/** What an `update_display_data` message does to a cell: every output with its display id is replaced, in any cell. */
export function reduceDisplayUpdate(state: OutputState, message: Message): readonly OutputOperation[] {
  const output = displayOutput("display_data", message.content);
  const ids = state.displays.get(displayId(message.content) ?? "") ?? [];
  return ids.map((id) => ({ kind: "replace", id, output }));
}

/**
 * Fewer operations with the same effect: text for one stream is joined, of several replacements of one output the last stays,
 * and what a clear wipes out is left out. Keeps a loop that prints from costing one round trip to the window a line.
 */
export function joinOperations(operations: readonly OutputOperation[]): OutputOperation[] {
  const lastClear = operations.findLastIndex((operation) => operation.kind === "clear");
  const joined: OutputOperation[] = [];
  for (const operation of withoutReplaced(lastClear > 0 ? operations.slice(lastClear) : operations)) {
    const last = joined.at(-1);
    if (operation.kind === "extend" && last?.kind === "extend" && last.id === operation.id) {
      joined[joined.length - 1] = { ...last, item: joinItems(last.item, operation.item) };
    } else {
      joined.push(operation);
    }
  }
  return joined;
}

/** Without the replacements that later ones take the place of. */
function withoutReplaced(operations: readonly OutputOperation[]): readonly OutputOperation[] {
  const last = new Map<number, OutputOperation>();
  for (const operation of operations) if (operation.kind === "replace") last.set(operation.id, operation);
  return operations.filter(
    (operation) => operation.kind !== "replace" || last.get(operation.id) === operation,
  );
}

function stream(state: OutputState, name: string, text: string): Step {
  const before = state.stream;
  const moves = movesCursor(text);
  if (before?.name !== name || state.clearPending) {
    const screen = moves ? write(screenOf(""), text) : undefined;
    const [next, operations] = append(state, {
      items: [streamItem(name, screen ? textOf(screen) : text)],
      metadata: streamMetadata,
    });
    return [{ ...next, stream: { id: next.nextId - 1, name, text, screen } }, operations];
  }
  const { id } = before;
  const extend: OutputOperation = { kind: "extend", id, item: streamItem(name, text) };
  if (!before.screen && !moves)
    return [{ ...state, stream: { ...before, text: before.text + text } }, [extend]];
  const screen = write(before.screen ?? screenOf(before.text), text);
  const added = !moves && before.screen !== undefined && isAtEnd(before.screen);
  const next = { ...state, stream: { ...before, text: "", screen } };
  return [next, [added ? extend : { kind: "replace", id, output: redrawn(name, screen) }]];
}

const streamMetadata = { outputType: "stream" };

/** The text is made when it is asked for: of several replacements one goes to the window. */
function redrawn(name: string, screen: Screen): OutputData {
  return {
    get items() {
      return [streamItem(name, textOf(screen))];
    },
    metadata: streamMetadata,
  };
}

function add(state: OutputState, type: string, content: Record<string, unknown>): Step {
  const [next, operations] = append(state, displayOutput(type, content));
  const display = displayId(content);
  if (display === undefined) return [next, operations];
  const displays = new Map(next.displays);
  displays.set(display, [...(displays.get(display) ?? []), next.nextId - 1]);
  return [{ ...next, displays }, operations];
}

function append(state: OutputState, output: OutputData): Step {
  const base = state.clearPending ? cleared(state) : state;
  const clear: OutputOperation[] = state.clearPending ? [{ kind: "clear" }] : [];
  return [
    { ...base, nextId: base.nextId + 1, stream: undefined },
    [...clear, { kind: "add", id: base.nextId, output }],
  ];
}

function cleared(state: OutputState): OutputState {
  return { ...noOutput, nextId: state.nextId };
}

function displayOutput(outputType: string, content: Record<string, unknown>): OutputData {
  const metadata = { outputType, metadata: content.metadata ?? {} };
  return {
    items: decodeBundle(record(content.data)),
    metadata:
      outputType === "execute_result"
        ? { ...metadata, executionCount: content.execution_count ?? null }
        : metadata,
  };
}

function errorOutput(content: Record<string, unknown>): OutputData {
  const name = String(content.ename);
  const message = String(content.evalue);
  const traceback = Array.isArray(content.traceback) ? content.traceback.map(String) : [];
  return {
    items: [errorItem(name, message, traceback.join("\n"))],
    metadata: {
      outputType: "error",
      originalError: { output_type: "error", ename: name, evalue: message, traceback },
    },
  };
}

function displayId(content: Record<string, unknown>): string | undefined {
  const id = record(content.transient).display_id;
  return typeof id === "string" ? id : undefined;
}

function record(value: unknown): MimeBundle {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function joinItems(first: OutputItem, second: OutputItem): OutputItem {
  return { mime: first.mime, data: Buffer.concat([first.data, second.data]) };
}
