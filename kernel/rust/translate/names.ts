/** Rust's reserved words (The Rust Reference, "Keywords"), those for later use included. */
const RESERVED = new Set(
  (
    "abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl in let loop macro match mod move mut " +
    "override priv pub ref return self Self static struct super trait true try type typeof unsafe unsized use virtual where while yield"
  ).split(" "),
);

/** Those that cannot be written raw. */
const NEVER = new Set(["crate", "self", "super", "Self", "_"]);

/**
 * A name of TypeScript as one of Rust. Reserved words are written raw, so that the name stays what it is for who calls; `$`, which
 * Rust does not have, is spelt.
 */
export function rustName(name: string): string {
  const spelt = name.replaceAll("$", "S_");
  if (NEVER.has(spelt)) return `${spelt}_`;
  return RESERVED.has(spelt) ? `r#${spelt}` : spelt;
}
