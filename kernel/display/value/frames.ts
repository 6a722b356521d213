const isFrame = (line: string) => /^\s+at /.test(line);
/** Where the engine hands code to V8: this frame and all below it are ours. */
const isEntry = (line: string) => line.includes("at Session.post (node:inspector:");
/** Frames of the bundles beside this one, and of Node beneath them. */
const isOurs = (line: string) => line.includes(__dirname) || /\(?node:internal\//.test(line);

/** What stands in the URL of a module that was loaded again. */
const VERSION = /\?tandem-version=\d+/g;

/** Text without the stack frames that are ours, nor what we put into URLs of modules that were loaded again. */
export function withoutOurFrames(text: string): string {
  if (!text.includes("    at ")) return text;
  const kept: string[] = [];
  let belowEntry = false;
  for (const line of text.replace(VERSION, "").split("\n")) {
    belowEntry = isFrame(line) && (belowEntry || isEntry(line));
    if (!isFrame(line) || !(belowEntry || isOurs(line))) kept.push(line);
    // The brace opens the fields that follow the stack.
    else if (line.endsWith(" {")) kept.push(`${kept.pop() ?? ""} {`);
  }
  return kept.join("\n");
}
