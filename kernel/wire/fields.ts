/** Fields of messages from outside, whatever they hold. `String(value)` throws for objects with a `toString` of their own. */

/** A text; empty for what is none. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** A plain object; empty for what is none. */
export const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

/** A number; `otherwise` for what is none. */
export const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;
