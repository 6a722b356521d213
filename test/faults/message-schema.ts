/** What a kernel may say, by message type: Jupyter's messaging protocol 5.5 as its clients' validators check it. */
import * as v from "valibot";

const data = v.record(v.string(), v.unknown());
const errorFields = { ename: v.string(), evalue: v.string(), traceback: v.array(v.string()) };
const error = v.object({ status: v.picklist(["error", "aborted"]), ...errorFields });
const aborted = v.object({ status: v.literal("aborted"), execution_count: v.optional(v.number()) });
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A reply: what it holds when all went well, or an error. */
const reply = <T extends v.ObjectEntries>(fields: T) =>
  v.union([v.object({ status: v.literal("ok"), ...fields }), error, aborted]);

const comm = { comm_id: v.string(), data };
const show = { data, metadata: data, transient: v.optional(data) };

const contents: Readonly<Record<string, v.GenericSchema>> = {
  kernel_info_reply: reply({
    protocol_version: v.pipe(v.string(), v.regex(/^\d+\.\d+/)),
    implementation: v.string(),
    implementation_version: v.string(),
    language_info: v.object({
      name: v.string(),
      version: v.string(),
      mimetype: v.string(),
      file_extension: v.pipe(v.string(), v.startsWith(".")),
    }),
    banner: v.string(),
    supported_features: v.array(v.string()),
  }),
  execute_reply: reply({ execution_count: count, payload: v.array(data), user_expressions: data }),
  complete_reply: reply({
    matches: v.array(v.string()),
    cursor_start: count,
    cursor_end: count,
    metadata: data,
  }),
  inspect_reply: reply({ found: v.boolean(), data, metadata: data }),
  is_complete_reply: v.union([
    v.object({ status: v.picklist(["complete", "invalid", "unknown"]) }),
    v.object({ status: v.literal("incomplete"), indent: v.string() }),
    error,
  ]),
  history_reply: reply({
    history: v.array(
      v.tuple([v.number(), v.number(), v.union([v.string(), v.tuple([v.string(), v.nullable(v.string())])])]),
    ),
  }),
  comm_info_reply: reply({ comms: v.record(v.string(), v.object({ target_name: v.string() })) }),
  create_subshell_reply: reply({ subshell_id: v.string() }),
  delete_subshell_reply: reply({}),
  list_subshell_reply: reply({ subshell_id: v.array(v.string()) }),
  interrupt_reply: reply({}),
  debug_reply: v.object({
    type: v.literal("response"),
    request_seq: v.number(),
    seq: v.number(),
    success: v.boolean(),
    command: v.string(),
  }),
  status: v.object({ execution_state: v.picklist(["starting", "busy", "idle"]) }),
  stream: v.object({ name: v.picklist(["stdout", "stderr"]), text: v.string() }),
  execute_input: v.object({ code: v.string(), execution_count: count }),
  execute_result: v.object({ ...show, execution_count: count }),
  display_data: v.object(show),
  update_display_data: v.object(show),
  clear_output: v.object({ wait: v.boolean() }),
  error: v.object(errorFields),
  comm_open: v.object({ ...comm, target_name: v.string() }),
  comm_msg: v.object(comm),
  comm_close: v.object(comm),
  input_request: v.object({ prompt: v.string(), password: v.boolean() }),
  iopub_welcome: v.object({ subscription: v.string() }),
};

const header = v.object({
  msg_id: v.string(),
  msg_type: v.string(),
  session: v.string(),
  username: v.string(),
  date: v.pipe(v.string(), v.isoTimestamp()),
  version: v.pipe(v.string(), v.regex(/^\d+\.\d+/)),
});

/** What is wrong with a message of the kernel's; undefined for one that is as it should be. */
export function schemaProblem(message: {
  readonly header: { readonly msg_type: string };
  readonly content: unknown;
}): string | undefined {
  const type = message.header.msg_type;
  const content = Object.hasOwn(contents, type) ? contents[type] : undefined;
  if (!content) return `${type} is no message of a kernel's`;
  for (const [schema, value] of [
    [header, message.header],
    [content, message.content],
  ] as const) {
    const { success, issues } = v.safeParse(schema, value);
    if (!success) {
      const where = issues.map((issue) => `${v.getDotPath(issue) ?? ""} ${issue.message}`).join("; ");
      return `${type}: ${where} in ${JSON.stringify(value).slice(0, 300)}`;
    }
  }
  return undefined;
}
