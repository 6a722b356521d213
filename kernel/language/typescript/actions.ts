import type { CodeAction, CodeActionContext } from "vscode-languageserver";
import type { RangeRequest } from "../cell-language.ts";
import { type Asked, within } from "./open-types.ts";
import { installActions } from "./packages.ts";
import { merged } from "./rename.ts";

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
  const actions = (await ask<CodeAction[]>("codeAction", asked)) ?? [];
  const install = installActions(mine, view.cell);
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
  return [...install, ...others];
}
