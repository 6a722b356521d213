import { inspect } from "node:util";
import type { MimeBundle } from "../wire/message.ts";
import { packState, unpackState } from "./buffers.ts";
import type { Comm, EngineComms } from "./comms.ts";

type State = Record<string, unknown>;

export interface WidgetOptions<S extends State> {
  /** An ES module as text: its default export has `render({ model, el })` and may have `initialize({ model })` (AFM). */
  readonly esm: string;
  readonly css?: string;
  /** The names that the widget shares, and their first values: JSON, typed arrays and ArrayBuffers. */
  readonly state: S;
}

type Handlers = Map<string, Set<(...args: never[]) => unknown>>;

/** Version of the widgets' messages (ipywidgets, "Jupyter widget messaging protocol"). */
const PROTOCOL = "2.1.0";
const VIEW = "application/vnd.jupyter.widget-view+json";

/**
 * A widget whose front end is an anywidget front-end module: the kernel's end of its model. Both ends hold the state and
 * tell each other of changes.
 */
export class Widget<S extends State> {
  readonly #comm: Comm;
  readonly #state: S;
  readonly #own: State;
  readonly #handlers: Handlers = new Map();
  /** Names set in this turn, which go out together. */
  #changed: Set<keyof S & string> | undefined;

  constructor(comms: EngineComms, { esm, css = "", state }: WidgetOptions<S>) {
    this.#state = { ...state };
    // What the front end's `anywidget` package looks for.
    this.#own = {
      _model_module: "anywidget",
      _model_name: "AnyModel",
      _model_module_version: "*",
      _view_module: "anywidget",
      _view_name: "AnyView",
      _view_module_version: "*",
      _view_count: null,
      _dom_classes: [],
      _anywidget_id: "tandem.widget",
      _esm: esm,
      _css: css,
    };
    const { buffers, ...data } = packState({ ...this.#own, ...this.#state });
    this.#comm = comms.open("jupyter.widget", data, { metadata: { version: PROTOCOL }, buffers });
    this.#comm.onMessage((message, sent) => this.#receive(message, sent));
  }

  get<K extends keyof S & string>(name: K): S[K] {
    return this.#state[name];
  }

  /** Changes a value here and in the front end; values set in one go are sent together. */
  set<K extends keyof S & string>(name: K, value: S[K]): void {
    this.#state[name] = value;
    this.#emit(`change:${name}`, value);
    if (this.#changed) {
      this.#changed.add(name);
      return;
    }
    const changed = new Set<keyof S & string>([name]);
    this.#changed = changed;
    queueMicrotask(() => {
      this.#changed = undefined;
      const state = Object.fromEntries([...changed].map((one) => [one, this.#state[one]]));
      const { buffers, ...data } = packState(state);
      this.#comm.send({ method: "update", ...data }, buffers);
    });
  }

  /** `change:name` gets the new value, whichever end changed it; `msg:custom` what the front end sends, and its buffers. */
  on(event: string, handler: (...args: never[]) => unknown): void {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(handler));
  }

  off(event: string, handler: (...args: never[]) => unknown): void {
    this.#handlers.get(event)?.delete(handler);
  }

  /** Sends a message that is no state: the front end's `msg:custom`. */
  send(content: unknown, buffers: Uint8Array[] = []): void {
    this.#comm.send({ method: "custom", content }, buffers);
  }

  /** Removes the widget from the front end. */
  close(): void {
    this.#comm.close();
  }

  /** Where widgets are not drawn (VS Code without a renderer for them, a terminal), its values are shown as text. */
  bundle(): MimeBundle {
    return {
      "text/plain": inspect(this, { depth: 2, colors: false }),
      [VIEW]: { version_major: 2, version_minor: 0, model_id: this.#comm.id },
    };
  }

  [Symbol.for("Jupyter.display")](): MimeBundle {
    return this.bundle();
  }

  [inspect.custom](_depth: number, options: object): string {
    return `Widget ${inspect(this.#state, options)}`;
  }

  #receive(data: Record<string, unknown>, buffers: Uint8Array[]): void {
    if (data.method === "update") {
      const state = unpackState((data.state ?? {}) as State, data.buffer_paths, buffers);
      for (const [name, value] of Object.entries(state)) {
        // The front end also reports what is its own, such as `_view_count`.
        if (!Object.hasOwn(this.#state, name)) continue;
        (this.#state as State)[name] = value;
        this.#emit(`change:${name}`, value);
      }
    } else if (data.method === "request_state") {
      const { buffers: all, ...packed } = packState({ ...this.#own, ...this.#state });
      this.#comm.send({ method: "update", ...packed }, all);
    } else if (data.method === "custom") {
      this.#emit("msg:custom", data.content, buffers);
    }
  }

  #emit(event: string, ...args: unknown[]): void {
    // A handler's parameters are what its event gives: `widget`'s declared types say so.
    for (const handler of this.#handlers.get(event) ?? []) handler(...(args as never[]));
  }
}
