import { createHash } from "node:crypto";
import { fail } from "../errors.ts";
import { numberOf, textOf } from "../wire/fields.ts";

type Params = Record<string, unknown>;
type Call = (method: string, params: unknown) => Promise<unknown>;

/** Where front ends are to think that a cell's source stands: each is named by a hash of its text. */
const TEMPORARY = { tmpFilePrefix: "/tandem/cell-", tmpFileSuffix: ".ts" };

/** Requests that a variable inspector makes on its way, and that ask for nothing here. */
const NOTHING = new Set(["configurationDone", "setExceptionBreakpoints"]);

/**
 * Answers the requests of the Debug Adapter Protocol by which Jupyter's front ends show variables (Jupyter messaging,
 * "Debug request").
 */
export class VariableInspector {
  #started = false;

  /** The body of the answer; throws for requests that would step through code. */
  async answer(command: string, params: Params, call: Call): Promise<Params> {
    if (NOTHING.has(command)) return {};
    switch (command) {
      case "initialize":
      case "attach":
        this.#started = true;
        return {};
      case "disconnect":
        this.#started = false;
        return {};
      case "debugInfo":
        return {
          isStarted: this.#started,
          hashMethod: "Murmur2",
          hashSeed: 0,
          ...TEMPORARY,
          breakpoints: [],
          stoppedThreads: [],
          richRendering: true,
          exceptionPaths: [],
          copyToGlobals: false,
        };
      case "inspectVariables":
        return { variables: await call("variables.list", {}) };
      case "variables": {
        const reference = numberOf(params.variablesReference, 0);
        return { variables: await call("variables.children", { reference }) };
      }
      case "richInspectVariables": {
        const data = await call("variables.show", { name: textOf(params.variableName) });
        return { data, metadata: {} };
      }
      case "dumpCell": {
        const hash = createHash("sha256").update(textOf(params.code)).digest("hex").slice(0, 12);
        return { sourcePath: `${TEMPORARY.tmpFilePrefix}${hash}${TEMPORARY.tmpFileSuffix}` };
      }
      case "setBreakpoints": {
        const asked = Array.isArray(params.breakpoints) ? params.breakpoints : [];
        const message = "Cells are not stepped through.";
        return { breakpoints: asked.map(() => ({ verified: false, message })) };
      }
      default:
        throw fail("unknownDebugCommand", command);
    }
  }
}
