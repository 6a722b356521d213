import type { MakeLanguage } from "./cell-language.ts";

/** Every language of the server, in the order in which they are asked. */
export const languages: readonly MakeLanguage[] = [];
