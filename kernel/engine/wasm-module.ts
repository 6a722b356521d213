/**
 * A module whose exports are those of a WebAssembly module, as the proposed integration of WebAssembly with ES modules has
 * it: what it imports are modules, too. Throws a WebAssembly.CompileError.
 */
export function wasmModule(bytes: Uint8Array<ArrayBuffer>): string {
  const module = new WebAssembly.Module(bytes);
  const sources = [...new Set(WebAssembly.Module.imports(module).map((one) => one.module))];
  const exported = WebAssembly.Module.exports(module).map(({ name }) => name);
  return [
    ...sources.map((source, i) => `import * as imported${i} from ${JSON.stringify(source)};`),
    `const bytes = Buffer.from(${JSON.stringify(Buffer.from(bytes).toString("base64"))}, "base64");`,
    `const imports = { ${sources.map((source, i) => `${JSON.stringify(source)}: imported${i}`).join(", ")} };`,
    // Asynchronous: large modules are not compiled on the main thread.
    "const { instance } = await WebAssembly.instantiate(bytes, imports);",
    ...exported.map((name, i) => `const export${i} = instance.exports[${JSON.stringify(name)}];`),
    `export { ${exported.map((name, i) => `export${i} as ${JSON.stringify(name)}`).join(", ")} };`,
  ].join("\n");
}
