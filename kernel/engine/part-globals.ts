/** The names that each part puts on globalThis. Apart from the parts, so that those load only when a name is used. */
export const partGlobals: Readonly<Record<string, readonly string[]>> = {
  chart: ["plot"],
  comm: ["comm", "widget"],
  measure: ["bench"],
  parallel: ["pmap", "__pmap"],
  progress: ["progress"],
  python: ["py"],
  stdin: ["input"],
};
