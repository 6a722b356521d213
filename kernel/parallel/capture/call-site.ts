/** The place in a cell whose code runs now: `cell-7.ts:3:9`; undefined outside of cells. */
export function callSite(): string | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  let site: string | undefined;
  Error.stackTraceLimit = 30;
  Error.prepareStackTrace = (_, frames) => {
    const nameOf = (frame: NodeJS.CallSite) => frame.getScriptNameOrSourceURL() ?? "";
    const frame = frames.find((one) => /^cell-\d+\./.test(nameOf(one)));
    site = frame && `${nameOf(frame)}:${frame.getLineNumber()}:${frame.getColumnNumber()}`;
    return "";
  };
  // Reading it makes it.
  void new Error().stack;
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return site;
}
