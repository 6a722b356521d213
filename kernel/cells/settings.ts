import { fail } from "../errors.ts";
import { isBehindJupyterServer } from "../wire/paced.ts";
import type { Choice } from "./magic.ts";
import { nearest } from "./nearest.ts";

/** What `%config` sets; lasts as long as the kernel. */
export interface Settings {
  /** Types are not checked, shown as warnings beside the run, or checked first: an error keeps the cell from running. */
  check: "off" | "warn" | "strict";
  /** How much a cell shows of stdout, and as much of stderr, in UTF-16 units; infinite where it is off. */
  output_limit: number;
  /** Bytes that compiled Rust cells and crates may take on the disk; infinite where it is off. */
  cache_size: number;
}

/** How a setting's value is read and written. */
interface Form<Value> {
  /** What may stand behind the `=`. */
  readonly allowed: readonly string[];
  /** Undefined for what is no such value. */
  read(text: string): Value | undefined;
  write(value: Value): string;
}

const CHECKS = ["off", "warn", "strict"] as const;
const UNITS: Readonly<Record<string, number>> = { "": 1, KB: 1e3, MB: 1e6, GB: 1e9 };

const FORMS: { readonly [Name in keyof Settings]: Form<Settings[Name]> } = {
  check: {
    allowed: CHECKS,
    read: (text) => CHECKS.find((one) => one === text),
    write: String,
  },
  output_limit: { allowed: ["5 MB", "500 KB or any other size", "off"], read: readSize, write: writeSize },
  cache_size: { allowed: ["5 GB or any other size", "off"], read: readSize, write: writeSize },
};

/** JupyterLab draws a cell's text anew with each addition: at 5 MB its page stands still for minutes, at 1 MB for seconds. */
const outputLimit = (): number => (isBehindJupyterServer() ? 1e6 : 5e6);

export const defaultSettings = (): Settings => ({
  check: "warn",
  output_limit: outputLimit(),
  cache_size: 5e9,
});

/** Does `check = strict`; without text it changes nothing. Throws the catalogue's errors. */
export function configure(settings: Settings, text: string): void {
  if (text === "") return;
  const [, name = "", value = ""] = /^([^\s=]*)\s*=?\s*(.*)$/.exec(text) ?? [];
  const names = Object.keys(FORMS);
  if (!isSetting(name)) throw fail("unknownSetting", name, nearest(name, names), names);
  set(settings, name, value.replace(/^(["'])(.*)\1$/, "$2"));
}

/** All settings, one a line, with what else they could be. */
export function showSettings(settings: Settings): string {
  const line = <Name extends keyof Settings>(name: Name) => {
    const form: Form<Settings[Name]> = FORMS[name];
    return `${name} = ${form.write(settings[name])}   (${form.allowed.join(", ")})\n`;
  };
  return Object.keys(FORMS).filter(isSetting).map(line).join("");
}

/** What the next word of `check = strict` could be; `before`: what stands before it. */
export function settingChoices(before: string): readonly Choice[] {
  const [, name = "", equals] = /^([^\s=]*)\s*(=?)\s*$/.exec(before) ?? [];
  if (name === "")
    return Object.keys(FORMS)
      .filter(isSetting)
      .map((one) => ({ text: one, help: FORMS[one].allowed.join(", ") }));
  if (!isSetting(name)) return [];
  if (equals === "") return [{ text: "=" }];
  return FORMS[name].allowed.map((one) => ({ text: one.replace(/ or any other size$/, "") }));
}

const isSetting = (name: string): name is keyof Settings => Object.hasOwn(FORMS, name);

function set<Name extends keyof Settings>(settings: Settings, name: Name, text: string): void {
  const form: Form<Settings[Name]> = FORMS[name];
  const value = form.read(text);
  if (value === undefined) throw fail("badSetting", name, text, form.allowed);
  settings[name] = value;
}

function readSize(text: string): number | undefined {
  if (text === "off") return Number.POSITIVE_INFINITY;
  const [, number = "", unit = ""] = /^([\d_.]+)\s*([kmg]?b?)$/i.exec(text) ?? [];
  const letter = unit.slice(0, 1).toUpperCase();
  const size =
    Number(number.replaceAll("_", "")) * (UNITS[letter === "B" || letter === "" ? "" : `${letter}B`] ?? 1);
  return number !== "" && Number.isFinite(size) ? Math.round(size) : undefined;
}

function writeSize(size: number): string {
  if (size === Number.POSITIVE_INFINITY) return "off";
  const [unit, factor] = Object.entries(UNITS).findLast(([, factor]) => size >= factor) ?? ["", 1];
  return `${Number((size / factor).toPrecision(6))} ${unit || "characters"}`;
}
