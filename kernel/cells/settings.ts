import { fail } from "../errors.ts";
import { nearest } from "./nearest.ts";

/** What `%config` sets; lasts as long as the kernel. */
export interface Settings {
  /** Types are not checked, shown as warnings beside the run, or checked first: an error keeps the cell from running. */
  check: "off" | "warn" | "strict";
}

const ALLOWED: { readonly [Name in keyof Settings]: readonly Settings[Name][] } = {
  check: ["off", "warn", "strict"],
};

export const defaultSettings = (): Settings => ({ check: "warn" });

/** Does `check = strict`; without text it changes nothing. Throws the catalogue's errors. */
export function configure(settings: Settings, text: string): void {
  if (text === "") return;
  const [, name = "", value = ""] = /^([^\s=]*)\s*=?\s*(.*)$/.exec(text) ?? [];
  const names = Object.keys(ALLOWED);
  if (name !== "check") throw fail("unknownSetting", name, nearest(name, names), names);
  const allowed = ALLOWED[name];
  const chosen = allowed.find((one) => one === value.replace(/^(["'])(.*)\1$/, "$2"));
  if (!chosen) throw fail("badSetting", name, value, allowed);
  settings[name] = chosen;
}

/** All settings, one a line, with what else they could be. */
export function showSettings(settings: Settings): string {
  return `check = ${settings.check}   (${ALLOWED.check.join(", ")})\n`;
}
