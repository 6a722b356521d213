import { cacheFolder } from "../rust/cache.ts";
import { type CacheEntry, cacheEntries, removeEntries } from "../rust/cache-entries.ts";
import { badArguments, type Command, EXIT } from "./command.ts";

export const cache: Command = {
  name: "cache",
  takes: "[list|clear|path]",
  summary: "Shows and clears what %%rust cells have compiled",
  options: [{ long: "older-than", value: "TIME", help: "only what was not used for so long: 12h, 30d" }],
  more: `list   each entry with its size, when it was used last, and what it holds
clear  removes them; what a running notebook uses stays
path   the folder. TANDEM_CACHE names another; %config cache_size bounds it`,
  async run(args) {
    const [what = "list", ...more] = args.positionals;
    if (more.length > 0 || !["list", "clear", "path"].includes(what)) {
      throw badArguments("cache", `It takes list, clear or path, not ${args.positionals.join(" ")}.`);
    }
    if (what === "path") {
      process.stdout.write(`${cacheFolder()}\n`);
      return EXIT.ok;
    }
    const age = readAge(args.value("older-than"));
    const entries = (await cacheEntries()).filter(({ used }) => Date.now() - used >= age);
    if (what === "list") {
      for (const entry of entries) process.stdout.write(`${lineOf(entry)}\n`);
      process.stdout.write(`${count(entries)} in ${cacheFolder()}\n`);
      return EXIT.ok;
    }
    const gone = await removeEntries(entries);
    process.stdout.write(`${count(gone)} removed.\n`);
    const left = entries.length - gone.length;
    if (left > 0) process.stdout.write(`${left} stay: running notebooks use them.\n`);
    return EXIT.ok;
  },
};

const UNITS: Readonly<Record<string, number>> = { min: 60e3, h: 3600e3, d: 24 * 3600e3 };

function readAge(text: string | undefined): number {
  if (text === undefined) return 0;
  const [, digits, unit = ""] = /^(\d+)(min|h|d)$/.exec(text) ?? [];
  const age = Number(digits) * (UNITS[unit] ?? 0);
  if (!Number.isFinite(age))
    throw badArguments("cache", `--older-than takes a time such as 12h or 30d, not ${text}.`);
  return age;
}

function lineOf({ kind, bytes, used, holds, inUse }: CacheEntry): string {
  const columns = [kind.padEnd(7), sizeText(bytes).padStart(8), ageText(Date.now() - used).padStart(7)];
  return `${columns.join("  ")}  ${inUse ? "in use  " : ""}${holds}`.trimEnd();
}

const count = (entries: readonly CacheEntry[]) =>
  `${entries.length} ${entries.length === 1 ? "entry" : "entries"}, ${sizeText(entries.reduce((sum, { bytes }) => sum + bytes, 0))}`;

function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} KB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

function ageText(ms: number): string {
  if (ms < 3600e3) return `${Math.max(0, Math.floor(ms / 60e3))} min`;
  return ms < 48 * 3600e3 ? `${Math.floor(ms / 3600e3)} h` : `${Math.floor(ms / (24 * 3600e3))} d`;
}
