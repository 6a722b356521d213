/** What ran from when to when, in ms of the timeline it is in. Pure data: the charts and the file of a timeline are made of it. */
export interface Span {
  /** Left out where its items or its kind say what it is. */
  readonly name?: string;
  /** `work`, `wait`, `blocked`, or what a part calls it. */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  /** The items from `lo` to before `hi`. */
  readonly lo?: number;
  readonly hi?: number;
}

/** A thread, a task, a worker. */
export interface Lane {
  readonly name: string;
  /** The process or language it is of, where there are several. */
  readonly group?: string;
  readonly spans: readonly Span[];
}

/** Lanes beside each other, from 0 on. */
export interface Timeline {
  readonly lanes: readonly Lane[];
  readonly events: readonly { readonly at: number; readonly name: string; readonly lane: string }[];
}

/** The same lanes, with times that count from `origin` on. */
export const since = (lanes: readonly Lane[], origin: number): Lane[] =>
  lanes.map((lane) => ({
    ...lane,
    spans: lane.spans.map((one) => ({ ...one, start: one.start - origin, end: one.end - origin })),
  }));

/** What a span is called: by its name, else by its items, else by its kind. */
export const nameOf = ({ name, kind, lo, hi }: Span): string =>
  name ?? (lo === undefined || hi === undefined ? kind : itemsText(lo, hi));

/** `item 5`, `items 5–9`. */
export const itemsText = (lo: number, hi: number): string =>
  hi - lo === 1 ? `item ${lo}` : `items ${lo}–${hi - 1}`;
