import type { LineMagic } from "./magic.ts";
import { configure, defaultSettings, settingChoices, showSettings } from "./settings.ts";

/** `%config`: the session's settings. */
export const config: LineMagic = {
  name: "config",
  summary: "show the settings, or set one",
  rest: "[check = off|warn|strict] [output_limit = 5 MB|off]",
  options: [],
  example: "%config check = strict",
  details:
    "`check`: types are not checked (`off`), checked beside the run and shown as warnings (`warn`), or checked first, and " +
    "an error keeps the cell from running (`strict`). `output_limit`: how much of a cell's output is kept. A setting lasts as long as the kernel.",
  choices: settingChoices,
  check: ({ rest }) => configure(defaultSettings(), rest),
  async run({ rest, cell }, session) {
    configure(session.settings, rest);
    if (rest === "") cell.output.stream("stdout", showSettings(session.settings));
    return { status: "ok" };
  },
};
