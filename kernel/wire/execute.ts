import type { CellError } from "../cells/cell.ts";
import { noOutput } from "../cells/no-output.ts";
import type { Requests } from "../cells/requests.ts";
import { TandemError } from "../errors.ts";
import { recordOf, textOf } from "./fields.ts";
import type { Inputs } from "./inputs.ts";
import type { Message } from "./message.ts";
import { PublishedOutput } from "./output.ts";
import type { Publisher } from "./publisher.ts";

/** Runs an execute_request: busy when its turn comes, its output, the reply, what its types gave, idle. */
export async function execute(
  request: Message,
  kernel: Requests,
  publisher: Publisher,
  inputs: Inputs,
): Promise<void> {
  const {
    code,
    silent,
    store_history: store,
    stop_on_error: stop,
    user_expressions: wanted,
    allow_stdin: mayAsk,
  } = request.content;
  const source = textOf(code);
  const quiet = silent === true;
  const { subshell_id: subshell } = request.header;
  const where = typeof subshell === "string" ? { subshell } : {};
  const published = new PublishedOutput(publisher, request);
  let busy = false;
  const running = kernel.execute({
    source,
    storeHistory: store !== false && !quiet,
    stopOnError: stop !== false,
    output: quiet ? noOutput : published,
    ...where,
    ...(mayAsk === true && {
      input: (prompt: string, password: boolean) => {
        // What the cell said before it asked stands above the question.
        published.flush();
        return inputs.ask(request, prompt, password);
      },
    }),
    started(number) {
      busy = true;
      published.executionCount = number;
      published.begin(() => {
        publisher.status("busy", request);
        if (!quiet) publisher.publish("execute_input", { code: source, execution_count: number }, request);
      });
    },
  });
  // A fault of the kernel's own must not leave the client waiting.
  const outcome = await running.catch((fault) => ({
    status: "error" as const,
    number: published.executionCount,
    error: describe(fault),
  }));
  inputs.forget(request);
  if (!busy) publisher.status("busy", request);
  published.flush();
  const reply: Record<string, unknown> = { status: outcome.status, execution_count: outcome.number };
  if (outcome.status === "error") {
    const error = errorContent(outcome.error);
    if (!quiet) publisher.publish("error", error, request);
    Object.assign(reply, error);
  } else if (outcome.status === "ok") {
    Object.assign(reply, {
      payload: published.payload,
      user_expressions: await expressions(wanted, kernel, where.subshell),
    });
  }
  publisher.reply(request, reply);
  if ("rest" in outcome) await outcome.rest;
  published.flush();
  publisher.status("idle", request);
}

/** Evaluates `user_expressions` (name → expression), each on its own: one that fails does not fail the cell. */
async function expressions(
  wanted: unknown,
  kernel: Requests,
  subshell: string | undefined,
): Promise<Record<string, unknown>> {
  const results: Record<string, unknown> = {};
  for (const [name, source] of Object.entries(recordOf(wanted))) {
    const value = await kernel.expression(textOf(source), subshell);
    results[name] =
      "data" in value
        ? { status: "ok", data: value.data, metadata: {} }
        : { status: "error", ...errorContent(value.error) };
  }
  return results;
}

/** An error of the kernel's own as a cell's error; those of the catalogue need no stack. */
export function describe(error: unknown): CellError {
  if (error instanceof TandemError) {
    const { what, why, next } = error.advice;
    return { ename: error.name, evalue: what, traceback: [what, why, next] };
  }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { ename: name, evalue: message, traceback: (stack ?? message).split("\n") };
}

/** An error as Jupyter's messages carry it. */
export function errorContent({ ename, evalue, traceback }: CellError): Record<string, unknown> {
  return { ename, evalue, traceback };
}
