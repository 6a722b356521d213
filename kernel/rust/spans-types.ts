/** Types of `rustSpans`, for the type service. */
export const rustTypes = `
/** What tandem::span! of %%rust cells has marked since it was last asked: a lane for each thread, in seconds; for plot({ type: "gantt", … }). */
declare function rustSpans(): { name: string; spans: { start: number; end: number; label: string; kind: string }[] }[];
`;
