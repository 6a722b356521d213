/** The names that each part puts on globalThis. Apart from the parts, so that those load only when a name is used. */
export const partGlobals: Readonly<Record<string, readonly string[]>> = {
  chart: ["plot"],
  comm: ["comm", "widget"],
  measure: ["bench"],
  parallel: ["pmap", "preduce", "pfor", "pgroup", "__pmap", "__preduce", "__pfirst", "__peach"],
  progress: ["progress"],
  python: ["py", "tandem"],
  rust: ["rustSpans"],
  stdin: ["input"],
  timeline: ["span"],
};
