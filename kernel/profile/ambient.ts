/** Types of what %%profile declares, for the type service. */
export const profileTypes = `
/** What %%profile found: seconds of time, or bytes that were allocated. */
interface ProfileResult {
  kind: "profile";
  of: "time" | "allocations";
  total: number;
  /** Seconds in which there was nothing to do, Python's included; 0 of allocations. */
  waited: number;
  python: number;
  /** In place, and of \`.async\` on other threads. */
  rust: number;
  rustElsewhere: number;
  /** By what they took themselves, most first; \`total\` with what they called. */
  functions: { label: string; place?: string; kind: string; self: number; total: number }[];
  /** Python's, where py-spy saw them. */
  pythonFunctions: { label: string; place?: string; kind: string; self: number; total: number }[];
  /** V8's own profile. */
  file: string;
}
`;
