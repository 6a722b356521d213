import type {
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  MarkupContent,
  Position,
  SelectionRange,
  SemanticTokens,
  SignatureHelp,
  SignatureHelpContext,
} from "vscode-languageserver";
import { ITEM } from "../../parallel/ambient.ts";
import { withoutCellNames } from "../../typescript/service/scope.ts";
import type { PlaceRequest, RangeRequest, SemanticToken } from "../cell-language.ts";
import { decodeTokens } from "../semantic-tokens.ts";
import { locationInCell } from "./navigation.ts";
import { type Asked, at, within } from "./open-types.ts";
import { cellRange, showsTypeScript } from "./places.ts";
import { type CellView, toCell, toView } from "./views.ts";

/** The type of what stands at a place, and its documentation. */
export async function hoverAt({ view, ask }: Asked, { position }: PlaceRequest): Promise<Hover | undefined> {
  if (!showsTypeScript(view, position)) return undefined;
  const hover = await ask<Hover>("hover", at(view, position));
  if (!hover) return undefined;
  const range = hover.range && cellRange(view, hover.range);
  return { contents: markdownOf(hover), ...(range && { range }) };
}

/** A hover's text as the user is to see it. */
export function markdownOf({ contents }: Hover): MarkupContent {
  // The compiler answers in Markdown, as it was told to.
  const { value } = contents as MarkupContent;
  // To the compiler a name of another cell is an alias of an import; to the user it is the name.
  return { kind: "markdown", value: withoutCellNames(value).replace(/^(```\w*\n)\(alias\) /, "$1") };
}

/** The signatures of the call that a place is in. */
export async function signaturesAt(
  { view, ask }: Asked,
  { position }: PlaceRequest,
  context: SignatureHelpContext | undefined,
): Promise<SignatureHelp | undefined> {
  if (!showsTypeScript(view, position)) return undefined;
  const help = await ask<SignatureHelp>("signatureHelp", { ...at(view, position), context });
  if (!help || help.signatures.length === 0) return undefined;
  // What gives the item of a head is no function of the user's.
  if (help.signatures.some(({ label }) => label.startsWith(ITEM))) return undefined;
  const signatures = help.signatures.map(({ label, parameters, ...rest }) => ({
    ...rest,
    label: withoutCellNames(label),
    ...(parameters && {
      parameters: parameters.map((one) => ({
        ...one,
        label: typeof one.label === "string" ? withoutCellNames(one.label) : one.label,
      })),
    }),
  }));
  return { ...help, signatures };
}

/** What the cell declares, for the outline. */
export async function symbolsOf({ view, ask }: Asked): Promise<DocumentSymbol[]> {
  return own(view, (await ask<DocumentSymbol[]>("documentSymbol")) ?? []);
}

function own(view: CellView, symbols: readonly DocumentSymbol[]): DocumentSymbol[] {
  return symbols.flatMap(({ children = [], ...symbol }) => {
    const selectionRange = cellRange(view, symbol.selectionRange);
    if (!selectionRange) return [];
    const range = cellRange(view, symbol.range) ?? selectionRange;
    return [{ ...symbol, range, selectionRange, children: own(view, children) }];
  });
}

/** What can be folded. */
export async function foldsOf({ view, ask }: Asked): Promise<FoldingRange[]> {
  const last = view.cell.text.split("\n").length - 1;
  const ranges = (await ask<FoldingRange[]>("foldingRange")) ?? [];
  return ranges
    .filter(({ startLine, endLine }) => startLine < last && endLine > startLine && !isHead(view, startLine))
    .map((one) => (one.endLine <= last ? one : { startLine: one.startLine, endLine: last }));
}

const isHead = (view: CellView, line: number) => line === 0 && view.cell.text.startsWith("%%");

/** The colours that types give to names. */
export async function tokensOf({ view, ask, open }: Asked): Promise<SemanticToken[]> {
  const tokens = (await ask<SemanticTokens>("semanticTokens/full"))?.data ?? [];
  return decodeTokens(tokens, await open.types.legend()).flatMap((token) => {
    const { line, character, length } = token;
    const end = { line, character: character + length };
    const range = cellRange(view, { start: { line, character }, end });
    return range ? [{ ...token, character: range.start.character }] : [];
  });
}

/** Whether a place is that of the list in a head, where the view has a call. */
function isOfHead(view: CellView, { line, character }: Position): boolean {
  const [first = ""] = view.text.split("\n", 1);
  return line === 0 && first.slice(0, character).trimEnd().endsWith(`${ITEM}(`);
}

/** Types and parameters' names, between the words, where the user's settings ask for them. */
export async function hintsIn({ view, ask, open }: Asked, { range }: RangeRequest): Promise<InlayHint[]> {
  const hints = (await ask<InlayHint[]>("inlayHint", within(view, range))) ?? [];
  return hints.flatMap((hint) => {
    const position = toCell(view, hint.position);
    if (!cellRange(view, { start: hint.position, end: hint.position })) return [];
    if (!showsTypeScript(view, position) || isOfHead(view, hint.position)) return [];
    const { label } = hint;
    const parts = Array.isArray(label)
      ? label.map(({ location, ...part }) => {
          const place = location && locationInCell(open, location);
          return { ...part, value: withoutCellNames(part.value), ...(place && { location: place }) };
        })
      : withoutCellNames(label);
    return [{ ...hint, position, label: parts }];
  });
}

/** What to select next around each place, from the word outwards. */
export async function selectionsAt(
  { view, ask }: Asked,
  positions: readonly Position[],
): Promise<SelectionRange[] | undefined> {
  const asked = positions.map((one) => toView(view, one));
  const answer = await ask<SelectionRange[]>("selectionRange", { positions: asked });
  const inCell = (range: SelectionRange | undefined): SelectionRange | undefined => {
    if (!range) return undefined;
    const mine = cellRange(view, range.range);
    const parent = inCell(range.parent);
    return mine ? { range: mine, ...(parent && { parent }) } : parent;
  };
  return answer?.map(
    (one, index) =>
      inCell(one) ?? { range: { start: positions[index] ?? origin, end: positions[index] ?? origin } },
  );
}

const origin: Position = { line: 0, character: 0 };
