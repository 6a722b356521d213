import type { CommMessage } from "../cells/cell.ts";
import type { EngineContext, EnginePart } from "../engine/part.ts";
import { EngineComms } from "./comms.ts";
import { Widget, type WidgetOptions } from "./widget.ts";

const all = new WeakMap<EngineContext, EngineComms>();

function commsOf(context: EngineContext): EngineComms {
  const comms = all.get(context) ?? new EngineComms(context);
  all.set(context, comms);
  return comms;
}

/** The engine's part of comms and widgets. */
export const comm: EnginePart = {
  handlers: {
    receive: (message: CommMessage, context) => commsOf(context).receive(message),
  },
  globals: (context) => ({
    comm: commsOf(context),
    widget: <S extends Record<string, unknown>>(options: WidgetOptions<S>) =>
      new Widget(commsOf(context), options),
  }),
};
