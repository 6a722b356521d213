import type { CodeAction, CodeActionContext, Diagnostic } from "vscode-languageserver";
import type { EditedCell, RangeRequest } from "../cell-language.ts";
import { type Asked, within } from "./open-types.ts";
import { installActions } from "./packages.ts";
import { merged } from "./rename.ts";
import { awaitActions, spellingActions } from "./spelling.ts";

/** Findings of names that nobody declares, which an import may mend. */
const importable = new Set([2304, 2503, 2552, 2693, 18004]);

/** Quick fixes for the diagnostics at a range, and what else can be done there; only what changes something that the user sees. */
export async function actionsAt(
  { view, ask, open }: Asked,
  { range }: RangeRequest,
  context: CodeActionContext,
): Promise<CodeAction[]> {
  const mine = context.diagnostics.filter(({ source }) => source === "ts");
  const diagnostics = mine.map((one) => ({ ...one, ...within(view, one.range) }));
  // The editor asks for all kinds at once; fixes belong to diagnostics.
  const asked = { ...within(view, range), context: { ...context, diagnostics } };
  let actions = (await ask<CodeAction[]>("codeAction", asked)) ?? [];
  const unknown = diagnostics.find(({ code }) => importable.has(Number(code)));
  if (unknown && actions.length === 0) {
    // What could be imported the compiler looks up for a completion, and here knows only after that.
    await ask("completion", { position: unknown.range.end, context: { triggerKind: 1 } });
    actions = (await ask<CodeAction[]>("codeAction", asked)) ?? [];
  }
  const fixed = context.only === undefined || context.only.some((kind) => "quickfix".startsWith(kind));
  const ours = fixed ? fixesOf(mine, view.cell, open.types.names) : [];
  const others = actions.flatMap((action) => {
    const edit = action.edit && merged([action.edit], open);
    if (!edit || Object.keys(edit.changes ?? {}).length === 0) return [];
    const { title, kind, isPreferred } = action;
    const fixes = mine.filter((_one, index) =>
      action.diagnostics?.some(({ code }) => code === diagnostics[index]?.code),
    );
    return [
      {
        title,
        edit,
        ...(kind !== undefined && { kind }),
        ...(isPreferred !== undefined && { isPreferred }),
        ...(fixes.length > 0 && { diagnostics: fixes }),
      },
    ];
  });
  return [...ours, ...others];
}

/** What the compiler does not offer. */
const fixesOf = (found: readonly Diagnostic[], cell: EditedCell, names: readonly string[]): CodeAction[] => [
  ...installActions(found, cell),
  ...spellingActions(found, cell, names),
  ...awaitActions(found, cell),
];
