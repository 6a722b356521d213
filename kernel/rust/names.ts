const reserved = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof undefined var void while with yield"
  ).split(" "),
);

/** A Rust name in the notebook: as written, without `r#`, and with `_` behind it where JavaScript reserves the word. */
export function notebookName(name: string): string {
  const plain = name.replace(/^r#/, "");
  return reserved.has(plain) ? `${plain}_` : plain;
}
