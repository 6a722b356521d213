import type { Frame, Place } from "./place.ts";

/** A function within its callers, with what it took by itself. */
export interface Call extends Place {
  /** Seconds or bytes: without what it called, and with it. */
  self: number;
  total: number;
  readonly calls: Map<string, Call>;
}

/** What a profile tells, as users see it. */
export interface Calls {
  /** All of it; `total` is everything but the waiting. */
  readonly root: Call;
  /** What nobody's code took: nothing was to be done. */
  readonly idle: number;
}

/** A node of V8's profile, made ready. */
export interface Node {
  readonly frame: Frame;
  readonly self: number;
  readonly children: readonly Node[];
}

/**
 * The calls of users' code: stacks without the engine's own frames and without those of Node's that lead from its event
 * loop to a cell; equal callers of equal functions are one.
 */
export function mergeCalls(top: Node): Calls {
  const root: Call = { label: "", kind: "cells", self: 0, total: 0, calls: new Map() };
  let idle = 0;
  const visit = (node: Node, caller: Call): void => {
    const here = callOf(node.frame, caller, root);
    if (here === "idle") idle += node.self;
    // Outside of users' code it is what the notebook itself costs: nobody asked for that.
    else if (here !== root) here.self += node.self;
    for (const child of node.children) visit(child, here === "idle" ? caller : here);
  };
  visit(top, root);
  addUp(root);
  return { root, idle };
}

function callOf(frame: Frame, caller: Call, root: Call): Call | "idle" {
  if (frame === "idle") return "idle";
  if (frame === "own" || frame === "root") return caller;
  if (isBuiltIn(frame) && caller === root) return caller;
  const key = `${frame.label}\0${frame.place ?? ""}`;
  let call = caller.calls.get(key);
  if (!call) {
    call = { ...frame, self: 0, total: 0, calls: new Map() };
    caller.calls.set(key, call);
  }
  return call;
}

/** What every program finds there: JavaScript's own functions and Node's. */
const isBuiltIn = ({ kind }: Place) => kind === "Node" || kind === "JavaScript";

function addUp(call: Call): number {
  call.total = call.self;
  for (const one of call.calls.values()) call.total += addUp(one);
  return call.total;
}

/** A function wherever it was called from. */
export interface Hot extends Place {
  /** By itself, and in what it called of JavaScript's and Node's own. */
  readonly self: number;
  /** With all that it called; of a function that calls itself each stack counts once. */
  readonly total: number;
}

/** The functions by what they took themselves, most first. */
export function hottest(root: Call): Hot[] {
  const found = new Map<string, { -readonly [Key in keyof Hot]: Hot[Key] }>();
  const visit = (call: Call, above: ReadonlySet<string>, user: { self: number } | undefined): void => {
    if (user && isBuiltIn(call)) {
      user.self += call.self;
      // What it calls back counts there.
      for (const one of call.calls.values()) visit(one, above, user);
      return;
    }
    const { label, place, kind } = call;
    const key = `${label}\0${place ?? ""}`;
    const hot = found.get(key) ?? { label, ...(place !== undefined && { place }), kind, self: 0, total: 0 };
    found.set(key, hot);
    hot.self += call.self;
    if (!above.has(key)) hot.total += call.total;
    const inside = new Set(above).add(key);
    for (const one of call.calls.values()) visit(one, inside, hot);
  };
  for (const one of root.calls.values()) visit(one, new Set(), undefined);
  return [...found.values()].sort((a, b) => b.self - a.self);
}
