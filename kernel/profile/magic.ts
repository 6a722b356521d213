import type { CellOutcome } from "../cells/cell.ts";
import type { CellMagic, MagicArguments, MagicCell, TypeView } from "../cells/magic.ts";
import { declaredOut, optionNumber, optionText } from "../cells/option-values.ts";
import type { Session } from "../cells/session.ts";
import { transformCell } from "../typescript/transform.ts";
import type { ProfileEnd, ProfileRequest } from "./engine.ts";
import { latestProfile } from "./latest.ts";
import { INTERVAL } from "./profiler.ts";
import { samplePython } from "./py-spy.ts";

/** `%%profile`: which functions of a cell take the time, and what there is to win. */
export const profileMagic: CellMagic = {
  name: "profile",
  summary: "Run the cell under V8's profiler: where the time goes, and what there is to win there",
  options: [
    { long: "heap", help: "where memory is allocated, instead of time" },
    { long: "interval", value: "µs", help: `time between two samples (${INTERVAL})` },
  ],
  example: "%%profile\nconst rows = parse(text)\nrows.map(total)",
  details:
    "The cell runs as it would without the magic, its result included. Shown are the functions by the time that they took themselves, and a flame " +
    "chart of all calls: what is called stands below its caller, as wide as its share. The engine's own frames are left out. " +
    "Rust's functions stand in it by name. What workers do is not seen. Python's time is told as waiting, and where py-spy is installed, its functions are shown beside. V8's profile is kept as `.tandem/profiles/cell-N.cpuprofile` " +
    "(`.heapprofile`), which VS Code and Chromium's developer tools open. `--out name` declares what was found, with its type `ProfileResult`.",

  check: (given) => void intervalOf(given),

  async run(cell: MagicCell, session: Session): Promise<CellOutcome> {
    const interval = intervalOf(cell);
    const out = optionText(cell.options, "out");
    const code = transformCell(commented(cell), { file: cell.file, folder: session.folder });
    const request: ProfileRequest = {
      of: cell.options.has("heap") ? "allocations" : "time",
      ...(interval !== undefined && { interval }),
    };
    let show = false;
    const sampling = request.of === "time" ? await samplePython(cell, session) : undefined;
    try {
      await session.engine.call(cell, "profile.start", request);
      const outcome = await session.engine.evaluate(cell, code);
      show = outcome.status === "ok";
      return outcome;
    } finally {
      // The sampler ends in any case, the engine's own death included.
      await session.engine.call(cell, "profile.end", {}).catch(() => undefined);
      const samples = await sampling?.stop();
      const found = await session.engine.call(cell, "profile.show", {
        show,
        ...(out !== undefined && { out }),
        ...(samples && { samples }),
      } satisfies ProfileEnd);
      // That is what the engine's part answers.
      if (show) session.part(latestProfile).hottest = found as readonly string[];
    }
  },

  holdsTypeScript: true,
  async typeView(cell: MagicCell): Promise<TypeView> {
    return { text: `${commented(cell)}\n${declaredOut(cell.options, "ProfileResult")}` };
  },
};

const intervalOf = ({ options }: MagicArguments) => optionNumber(options, "interval", 50, "%%profile");

/** The cell with its magic line as a comment: lines and columns stay. */
const commented = ({ source }: MagicCell): string => `//${source.slice(2)}`;
