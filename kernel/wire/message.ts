/** Jupyter's message format, the one schema of every transport (Jupyter messaging protocol 5.5). */

export type Channel = "shell" | "control" | "stdin" | "iopub";

export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  /** ISO 8601. */
  date: string;
  version: string;
  /** The subshell that a shell request is for; the main shell's have none. */
  subshell_id?: string | null;
}

export interface Message {
  channel: Channel;
  header: Header;
  /** The header of the request this answers; empty for what the kernel says of its own accord. */
  parent_header: Header | Record<string, never>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  buffers: Uint8Array[];
  /** ZeroMQ routing prefix of a request, handed back untouched with the reply; transports without routing leave it out. */
  identities?: Uint8Array[];
}

/** A transport: ZeroMQ sockets or a Node IPC pipe. The rest of the kernel does not know which. */
export interface Wire {
  /** Sets the one handler for requests on shell, control and stdin. */
  onRequest(handler: (request: Message) => void): void;
  /** Resolves when the message was handed to the operating system; messages leave in the order of the calls. */
  send(message: Message): Promise<void>;
  /** Called once when the client has gone. */
  onClosed(handler: () => void): void;
  close(): Promise<void>;
}

/** MIME type → data, as in Jupyter's display messages: text as a string, JSON as a value, images in base64. */
export type MimeBundle = Record<string, unknown>;
