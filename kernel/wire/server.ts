import type { CommMessage } from "../cells/cell.ts";
import type { Requests } from "../cells/requests.ts";
import { toCodePoints, toUtf16 } from "./codepoints.ts";
import { describe, errorContent, execute } from "./execute.ts";
import { numberOf, recordOf, textOf } from "./fields.ts";
import { kernelInfo } from "./info.ts";
import { Inputs } from "./inputs.ts";
import type { Message, Wire } from "./message.ts";
import { PublishedOutput } from "./output.ts";
import { Publisher } from "./publisher.ts";

type Content = Record<string, unknown>;
/** Answers a request; the content becomes the reply's, undefined means that the request has none. */
type Handler = (content: Content, request: Message) => Promise<Content | undefined> | Content | undefined;

/** How long the end waits for messages that are on their way, in ms: a client that reads nothing does not keep the kernel. */
const LAST_MESSAGES = 1000;

export interface ServerOptions {
  /**
   * Whether a shutdown request that asks for a restart is answered by a fresh engine in this process. Jupyter's own
   * clients start the process anew, and wait for this one to end.
   */
  readonly restartsInPlace: boolean;
  /** Called once, after the last reply has left: on a shutdown request, or when the client has gone. */
  end(): void;
}

/**
 * Answers Jupyter's requests on a wire by a kernel. Cells run in the kernel's queue; everything else is answered at once,
 * so that completion works while a cell runs. Each request is framed by a busy and an idle status.
 */
export function serve(wire: Wire, kernel: Requests, options: ServerOptions): void {
  const publisher = new Publisher(wire);
  const inputs = new Inputs(publisher);
  let ending = false;
  const endOnce = () => {
    if (ending) return;
    ending = true;
    options.end();
  };

  /** No reply belongs to a comm's message: what goes wrong is told in its output. */
  const comm = async (type: CommMessage["type"], request: Message): Promise<undefined> => {
    const output = new PublishedOutput(publisher, request);
    const { content, metadata, buffers } = request;
    if (typeof content.comm_id !== "string") return undefined;
    const target = content.target_name;
    if (type === "comm_open" && typeof target !== "string") return undefined;
    await kernel.comm({ type, content, metadata, buffers }, output);
    output.flush();
  };
  let debugReplies = 0;

  const handlers: Record<string, Handler> = {
    kernel_info_request: kernelInfo,
    async complete_request({ code, cursor_pos: cursor }) {
      const text = textOf(code);
      const found = await kernel.complete(text, toUtf16(text, numberOf(cursor, Number.POSITIVE_INFINITY)));
      const start = toCodePoints(text, found.start);
      const end = toCodePoints(text, found.end);
      return {
        status: "ok",
        matches: found.matches.map((match) => match.text),
        cursor_start: start,
        cursor_end: end,
        // JupyterLab shows the kinds from here.
        metadata: {
          _jupyter_types_experimental: found.matches.map((match) => ({
            start,
            end,
            text: match.text,
            type: match.kind,
          })),
        },
      };
    },
    async inspect_request({ code, cursor_pos: cursor }) {
      const text = textOf(code);
      const found = await kernel.inspect(text, toUtf16(text, numberOf(cursor, Number.POSITIVE_INFINITY)));
      if (!found) return { status: "ok", found: false, data: {}, metadata: {} };
      const { signature, documentation, language = "typescript" } = found;
      const data = {
        "text/plain": [signature, documentation].filter(Boolean).join("\n\n"),
        "text/markdown": `\`\`\`${language}\n${signature}\n\`\`\`\n\n${documentation}`,
      };
      return { status: "ok", found: true, data, metadata: {} };
    },
    async is_complete_request({ code }) {
      return { ...(await kernel.isComplete(textOf(code))) };
    },
    // Tandem's own, for editors: what is wrong in a cell that is being written (docs/rust.md).
    async diagnostics_request({ code, cell }) {
      const diagnostics = await kernel.diagnose(textOf(code), textOf(cell));
      return diagnostics ? { status: "ok", diagnostics } : { status: "aborted" };
    },
    async history_request(content) {
      return { status: "ok", history: await kernel.history(content) };
    },
    comm_info_request({ target_name: target }) {
      const open = [...kernel.comms()].filter(
        ([, name]) => target === undefined || target === null || name === target,
      );
      return {
        status: "ok",
        comms: Object.fromEntries(open.map(([id, name]) => [id, { target_name: name }])),
      };
    },
    comm_open: (_, request) => comm("comm_open", request),
    comm_msg: (_, request) => comm("comm_msg", request),
    comm_close: (_, request) => comm("comm_close", request),
    create_subshell_request: () => ({ status: "ok", subshell_id: kernel.subshells.create() }),
    delete_subshell_request({ subshell_id: id }) {
      kernel.subshells.delete(textOf(id));
      return { status: "ok" };
    },
    list_subshell_request: () => ({ status: "ok", subshell_id: kernel.subshells.list() }),
    interrupt_request() {
      kernel.interrupt();
      return { status: "ok" };
    },
    async debug_request({ seq, command, arguments: given }) {
      const name = textOf(command);
      const reply = { type: "response", request_seq: numberOf(seq, 0), seq: ++debugReplies, command: name };
      const params = recordOf(given);
      try {
        return { ...reply, success: true, body: await kernel.debug(name, params) };
      } catch (error) {
        const { ename, evalue, traceback } = describe(error);
        return {
          ...reply,
          success: false,
          message: evalue,
          body: {},
          status: "error",
          ename,
          evalue,
          traceback,
        };
      }
    },
    async shutdown_request({ restart }) {
      if (restart === true && options.restartsInPlace) await kernel.restart();
      return { status: "ok", restart: restart === true };
    },
  };

  const answer = async (request: Message, handler: Handler): Promise<void> => {
    publisher.status("busy", request);
    try {
      const content = await handler(request.content, request);
      if (content) publisher.reply(request, content);
    } catch (error) {
      publisher.reply(request, { status: "error", ...errorContent(describe(error)) });
    }
    publisher.status("idle", request);
  };

  wire.onRequest(async (request) => {
    const type = request.header.msg_type;
    if (type === "execute_request") return execute(request, kernel, publisher, inputs);
    if (type === "input_reply") return inputs.answer(request);
    // Object.hasOwn: a message called `constructor` is as unknown as any other.
    const handler = Object.hasOwn(handlers, type) ? handlers[type] : undefined;
    if (!handler) return;
    await answer(request, handler);
    const restarted = request.content.restart === true && options.restartsInPlace;
    if (type !== "shutdown_request" || restarted) return;
    await Promise.race([publisher.drained(), new Promise((resolve) => setTimeout(resolve, LAST_MESSAGES))]);
    endOnce();
  });
  wire.onClosed(endOnce);
  publisher.status("starting");
}
