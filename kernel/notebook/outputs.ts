import type { Message } from "../wire/message.ts";

/** An output as an .ipynb file stores it (nbformat 4.5); keys in alphabetical order, as Jupyter writes them. */
export type Output = Record<string, unknown>;

/** Collects the outputs of a notebook's cells from iopub messages. */
export class OutputCollector {
  readonly #cells = new Map<number, Output[]>();
  /** Cells that are emptied when their next output comes: `clear_output` with `wait`. */
  readonly #clearing = new Set<number>();
  readonly #displays = new Map<string, Output[]>();

  /** The outputs of a cell so far, ready to be written. */
  outputs(cell: number): Output[] {
    return (this.#cells.get(cell) ?? []).map(split);
  }

  /** Takes a message of the cell's request; what is no output is passed over. */
  take(cell: number, message: Message): void {
    const { content } = message;
    switch (message.header.msg_type) {
      case "stream":
        this.#stream(cell, String(content.name), String(content.text));
        break;
      case "display_data": {
        const output = { data: content.data, metadata: content.metadata ?? {}, output_type: "display_data" };
        this.#remember(displayId(message), output);
        this.#add(cell, output);
        break;
      }
      case "execute_result": {
        const { data, execution_count, metadata = {} } = content;
        const output = { data, execution_count, metadata, output_type: "execute_result" };
        this.#remember(displayId(message), output);
        this.#add(cell, output);
        break;
      }
      case "error": {
        const { ename, evalue, traceback } = content;
        this.#add(cell, { ename, evalue, output_type: "error", traceback });
        break;
      }
      case "update_display_data":
        for (const output of this.#displays.get(displayId(message) ?? "") ?? []) {
          output.data = content.data;
          output.metadata = content.metadata ?? {};
        }
        break;
      case "clear_output":
        if (content.wait === true) this.#clearing.add(cell);
        else this.#cells.set(cell, []);
    }
  }

  #stream(cell: number, name: string, text: string): void {
    const last = this.#clearing.has(cell) ? undefined : this.#cells.get(cell)?.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text = `${last.text}${text}`;
    else this.#add(cell, { name, output_type: "stream", text });
  }

  #add(cell: number, output: Output): void {
    const outputs = this.#clearing.delete(cell) ? [] : (this.#cells.get(cell) ?? []);
    outputs.push(output);
    this.#cells.set(cell, outputs);
  }

  #remember(id: string | undefined, output: Output): void {
    if (id !== undefined) this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
  }
}

function displayId(message: Message): string | undefined {
  const transient = message.content.transient as { display_id?: unknown } | undefined;
  return typeof transient?.display_id === "string" ? transient.display_id : undefined;
}

/** Text as nbformat stores it: a list of lines, each with its line end. */
function split(output: Output): Output {
  if (typeof output.text === "string") return { ...output, text: lines(output.text) };
  if (typeof output.data !== "object" || output.data === null) return output;
  const data = Object.entries(output.data).map(([mime, value]) => {
    const isText = mime.startsWith("text/") || mime === "image/svg+xml" || mime === "application/javascript";
    return [mime, isText && typeof value === "string" ? lines(value) : value];
  });
  return { ...output, data: Object.fromEntries(data) };
}

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
