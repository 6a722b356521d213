import { transformSync as amaro } from "amaro";
import { transformSync as esbuild, type TransformFailure } from "esbuild";
import { type AcornError, type Parsed, parseModule } from "./parse.ts";
import { CellSyntaxError, offsetOfBytes } from "./syntax-error.ts";

/** TypeScript turned into JavaScript that this Node runs. */
export interface Stripped extends Parsed {
  /** Mappings back to the source where code was generated; without them positions are the source's. */
  readonly mappings?: string;
}

/**
 * Removes the types by position where that is all there is to do; enums, namespaces, parameter properties,
 * decorators, JSX and `using` are compiled, with mappings. Throws a CellSyntaxError.
 */
export function stripTypes(source: string, file: string): Stripped {
  return stripByPosition(source) ?? compile(source, file);
}

function stripByPosition(source: string): Stripped | undefined {
  let code: string;
  try {
    code = amaro(source, { mode: "strip-only" }).code;
  } catch {
    return undefined;
  }
  try {
    const parsed = parseModule(code);
    // Node 20 and 22 have no `using`, and V8's REPL mode has none at the top level of a cell.
    return parsed.hasUsing ? undefined : parsed;
  } catch (error) {
    if (isAcornError(error)) return undefined;
    throw error;
  }
}

function compile(source: string, file: string): Stripped {
  const jsx = /@jsxImportSource\s/.test(source) ? "automatic" : "transform";
  const attempt = (loader: "ts" | "tsx"): Stripped | Failure => {
    try {
      const { code, map } = esbuild(source, {
        loader,
        sourcefile: file,
        sourcemap: "external",
        sourcesContent: false,
        target: `node${process.versions.node}`,
        supported: { using: false, decorators: false },
        jsx,
        logLevel: "silent",
        // A cell's imports serve later cells: none is dropped for being unused.
        tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
      });
      const mappings = (JSON.parse(map) as { mappings: string }).mappings;
      try {
        return { ...parseModule(code), mappings };
      } catch (error) {
        // esbuild leaves some early errors to the runtime; amaro's output kept their position.
        if (!isAcornError(error)) throw error;
        return failureOfAcorn(source, error) ?? { message: error.message, offset: 0 };
      }
    } catch (error) {
      return failureOfEsbuild(source, error);
    }
  };
  const typescript = attempt("ts");
  if ("program" in typescript) return typescript;
  const jsxResult = source.includes("<") ? attempt("tsx") : undefined;
  if (jsxResult && "program" in jsxResult) return jsxResult;
  // Of the two readings the one that got further is the one that was meant.
  const failure = jsxResult && jsxResult.offset > typescript.offset ? jsxResult : typescript;
  throw new CellSyntaxError(failure.message, { file, source, offset: failure.offset });
}

interface Failure {
  readonly message: string;
  readonly offset: number;
}

function failureOfEsbuild(source: string, error: unknown): Failure {
  const first = (error as Partial<TransformFailure>).errors?.[0];
  if (!first) throw error;
  const { location } = first;
  return {
    message: first.text,
    offset: location ? offsetOfBytes(source, location.line, location.column) : 0,
  };
}

/** The place of an early error (`let a; let a`) where stripping kept positions. */
function failureOfAcorn(source: string, error: AcornError): Failure | undefined {
  try {
    parseModule(amaro(source, { mode: "strip-only" }).code);
  } catch (again) {
    if (isAcornError(again)) return { message: plain(again.message), offset: again.pos };
  }
  return { message: plain(error.message), offset: 0 };
}

/** acorn ends its messages with the position. */
const plain = (message: string) => message.replace(/ \(\d+:\d+\)$/, "");

const isAcornError = (error: unknown): error is AcornError => error instanceof SyntaxError && "pos" in error;
