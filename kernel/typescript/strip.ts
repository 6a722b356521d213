import { createRequire } from "node:module";
import type { TransformFailure, TransformOptions } from "esbuild";
import { withDecoratorMetadata } from "./decorator-metadata.ts";
import { originalPosition, type SourceMap } from "./edits.ts";
import { type AcornError, type Parsed, parseModule } from "./parse.ts";
import { stripOnly } from "./strip-only.ts";
import { CellSyntaxError, offsetOfBytes } from "./syntax-error.ts";
import { type RunOptions, runOptions } from "./tsconfig.ts";

/** TypeScript turned into JavaScript that this Node runs. */
export interface Stripped extends Parsed {
  /** The source's position (0-based) of a generated one, where code was generated; else positions are the source's. */
  readonly original?: (line: number, column: number) => [line: number, column: number] | undefined;
  /** The same as in a standard source map. Not of the body of a function. */
  readonly map?: SourceMap;
}

interface StripOptions {
  /** The text is the body of an async function: `return` may stand at its top level. */
  readonly returns?: boolean;
  /** Whose tsconfig.json says how JSX and decorators are compiled. */
  readonly folder?: string | undefined;
}

/**
 * Removes the types by position where that is all there is to do; enums, namespaces, parameter properties,
 * decorators, JSX and `using` are compiled. Throws a CellSyntaxError.
 */
export function stripTypes(
  source: string,
  file: string,
  { returns = false, folder }: StripOptions = {},
): Stripped {
  // Compilers know a body only inside its function.
  const frame = returns && /\breturn\b/.test(source) ? { before: "async()=>{\n", after: "\n}" } : noFrame;
  if (frame !== noFrame && /^\s*import\b/m.test(source)) {
    // Imports stand in no function; most often it is only the functions within that return.
    try {
      return stripByPosition(source, noFrame) ?? compile(source, file, noFrame, folder);
    } catch (error) {
      if (!(error instanceof CellSyntaxError)) throw error;
    }
  }
  return stripByPosition(source, frame) ?? compile(source, file, frame, folder);
}

interface Frame {
  /** At most one line. */
  readonly before: string;
  readonly after: string;
}

const noFrame: Frame = { before: "", after: "" };

function stripByPosition(source: string, frame: Frame): Stripped | undefined {
  const parsed = asItStands(source, frame) ?? parse(removeTypes(source, frame), frame);
  // Node 20 and 22 have no `using`, and V8's REPL mode has none at the top level of a cell.
  return parsed?.hasUsing ? undefined : parsed;
}

/** What most texts with types have, and every one that JavaScript reads in another way: `f<a>(b)`. */
const mayHaveTypes = /[<:!]|\b(?:abstract|as|declare|enum|interface|module|namespace|satisfies|type)\b/;

/**
 * A text without types, at the cost of a parse alone: a simple first cell does not wait for the WebAssembly that removes
 * them.
 */
const asItStands = (source: string, frame: Frame): Parsed | undefined =>
  mayHaveTypes.test(source) ? undefined : parse(source, frame);

function parse(code: string | undefined, frame: Frame): Parsed | undefined {
  if (code === undefined) return undefined;
  try {
    return parseModule(code, { returns: frame !== noFrame });
  } catch (error) {
    if (isAcornError(error)) return undefined;
    throw error;
  }
}

function removeTypes(source: string, { before, after }: Frame): string | undefined {
  try {
    const code = stripOnly(before + source + after);
    return code.slice(before.length, code.length - after.length);
  } catch {
    return undefined;
  }
}

/** Whether a text is meant as JSX: it has a tag, and does not parse without. */
export function isJsx(text: string): boolean {
  if (!/<\/[\w.$]*>|\/>/.test(text)) return false;
  try {
    stripOnly(text);
    return false;
  } catch (error) {
    return (error as { code?: unknown }).code === "InvalidSyntax";
  }
}

let esbuild: typeof import("esbuild") | undefined;

/** Compiles by esbuild, which is loaded on first use: few cells need it. */
function transform(source: string, options: TransformOptions): { code: string; map: string } {
  esbuild ??= createRequire(__filename)("esbuild") as typeof import("esbuild");
  return esbuild.transformSync(source, { ...options, sourcemap: "external", sourcesContent: false });
}

function compile(source: string, file: string, frame: Frame, folder: string | undefined): Stripped {
  const options = folder === undefined ? {} : runOptions(folder);
  const asTypeScript = compileAs("ts", source, file, frame, options);
  if ("program" in asTypeScript) return asTypeScript;
  const asJsx = source.includes("<") ? compileAs("tsx", source, file, frame, options) : undefined;
  if (asJsx && "program" in asJsx) return asJsx;
  // Of the two readings the one that got further is the one that was meant.
  const failure = asJsx && asJsx.offset > asTypeScript.offset ? asJsx : asTypeScript;
  throw new CellSyntaxError(failure.message, { file, source, offset: failure.offset });
}

/** JSX is all that is left to do. Compiling a class again would give it another name. */
const jsx: TransformOptions = { loader: "jsx", keepNames: true };

/** What tsconfig.json says of JSX; a comment in the cell is heeded by the compiler itself. */
function jsxOptions(source: string, options: RunOptions): TransformOptions {
  const { jsx = "react", jsxFactory, jsxFragmentFactory, jsxImportSource } = options;
  const automatic = /^react-jsx/.test(jsx) || /@jsxImportSource\s/.test(source);
  return {
    jsx: automatic ? "automatic" : "transform",
    jsxDev: automatic && jsx === "react-jsxdev",
    ...(jsxFactory !== undefined && { jsxFactory }),
    ...(jsxFragmentFactory !== undefined && { jsxFragment: jsxFragmentFactory }),
    ...(jsxImportSource !== undefined && { jsxImportSource }),
  };
}

function settingsOf(source: string, file: string, options: RunOptions): TransformOptions {
  const { useDefineForClassFields } = options;
  return {
    sourcefile: file,
    target: `node${process.versions.node}`,
    supported: { using: false, decorators: false },
    ...jsxOptions(source, options),
    logLevel: "silent",
    // A cell's imports serve later cells: none is dropped for being unused.
    tsconfigRaw: {
      compilerOptions: {
        verbatimModuleSyntax: true,
        experimentalDecorators: options.experimentalDecorators === true,
        ...(useDefineForClassFields !== undefined && { useDefineForClassFields }),
      },
    },
  };
}

interface Failure {
  readonly message: string;
  readonly offset: number;
}

function compileAs(
  loader: "ts" | "tsx",
  source: string,
  file: string,
  frame: Frame,
  options: RunOptions,
): Stripped | Failure {
  let compiled: { code: string; map: string };
  try {
    const settings = settingsOf(source, file, options);
    compiled = transform(frame.before + source + frame.after, { ...settings, loader });
    // Of what a decorator is on, only TypeScript's own compiler can tell the types.
    if (options.emitDecoratorMetadata === true && frame === noFrame && compiled.code.includes("__decorate")) {
      const kept = withDecoratorMetadata(source, loader, options);
      if (kept) compiled = kept.hasJsx ? transform(kept.text, { ...settings, ...jsx }) : kept;
    }
  } catch (error) {
    return failureOfEsbuild(source, error, frame);
  }
  const map = JSON.parse(compiled.map) as SourceMap;
  const lookUp = originalPosition(map.mappings);
  const linesBefore = frame.before === "" ? 0 : 1;
  try {
    return {
      ...withoutFrame(parseModule(compiled.code), frame),
      ...(frame === noFrame && { map }),
      original: (line, column) => {
        const found = lookUp(line, column);
        return found && [found[0] - linesBefore, found[1]];
      },
    };
  } catch (error) {
    if (!isAcornError(error)) throw error;
    return failureOfAcorn(source, error, frame);
  }
}

/** Takes the function away from around a compiled body; what the compiler put above it stays. */
function withoutFrame(parsed: Parsed, frame: Frame): Parsed {
  if (frame === noFrame) return parsed;
  const last = parsed.program.body.at(-1);
  if (last?.type !== "ExpressionStatement" || last.expression.type !== "ArrowFunctionExpression")
    throw new Error("The compiled body of a function is not where it was put.");
  const { body } = last.expression;
  const { code } = parsed;
  const bare = code.slice(0, last.start) + blank(code.slice(last.start, body.start + 1));
  return parseModule(bare + code.slice(body.start + 1, body.end - 1), { returns: true });
}

const blank = (text: string) => text.replace(/[^\r\n]/g, " ");

function failureOfEsbuild(source: string, error: unknown, frame: Frame): Failure {
  const first = (error as Partial<TransformFailure>).errors?.[0];
  if (!first) throw error;
  const { location, text } = first;
  const offset = location
    ? offsetOfBytes(frame.before + source + frame.after, location.line, location.column)
    : 0;
  return { message: text, offset: Math.min(Math.max(0, offset - frame.before.length), source.length) };
}

/** An early error (`let a; let a`): esbuild leaves it to the runtime, and stripping by position knows its place. */
function failureOfAcorn(source: string, error: AcornError, frame: Frame): Failure {
  const code = removeTypes(source, frame);
  try {
    if (code !== undefined) parseModule(code, { returns: frame !== noFrame });
  } catch (again) {
    if (isAcornError(again)) return { message: plain(again.message), offset: again.pos };
  }
  return { message: plain(error.message), offset: 0 };
}

/** acorn ends its messages with the position. */
const plain = (message: string) => message.replace(/ \(\d+:\d+\)$/, "");

const isAcornError = (error: unknown): error is AcornError => error instanceof SyntaxError && "pos" in error;
