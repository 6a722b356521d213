import type { Advice } from "./advice.ts";

export const languageErrors = {
  languageServerEnded: (how: string): Advice => ({
    what: "Tandem's language server ended by itself and was started again.",
    why: `It ended by ${how}; completion and diagnostics were away for a moment, kernels are not concerned.`,
    next: "The log says what came before.",
  }),
  languageServerGivenUp: (how: string): Advice => ({
    what: "Tandem's language server ended five times within three minutes and is not started again.",
    why: `It last ended by ${how}; cells run as ever, without completion and diagnostics.`,
    next: "Restart it here, or by the command Tandem: Restart Language Server; the log says what came before.",
  }),
  languageServerNotStarted: (reason: string): Advice => ({
    what: "Tandem's language server did not start.",
    why: reason,
    next: "Cells run as ever. Restart it here, or by the command Tandem: Restart Language Server.",
  }),
} as const;
