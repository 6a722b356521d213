// A plugin of VS Code's own TypeScript service: it leaves the cells of notebooks that Tandem serves to Tandem. The service
// sees each cell by itself, so that what it says of them would be wrong, and said beside what Tandem says.
// It is loaded from the package's node_modules, where that service looks for plugins; extension/typescript-service.ts tells it
// which notebooks.

/** @typedef {Record<string, unknown>} LanguageService */
/** @typedef {{ languageService: LanguageService, project: { refreshDiagnostics?: () => void } }} PluginInfo */

/** Paths of the notebooks that Tandem serves, as in their URIs. @type {ReadonlySet<unknown>} */
let served = new Set();

/** Weakly: the service drops projects without a word. @type {WeakRef<PluginInfo["project"]>[]} */
let projects = [];

const none = () => undefined;
const nothing = () => [];

/**
 * What is said of a served cell instead, by the method of TypeScript's language service whose first argument is a file's
 * name or has it. Methods that are not here are about the text alone (outline, folds, brackets, layout), which VS Code
 * asks of another process of that service; it sends that one no configuration.
 *
 * @type {Readonly<Record<string, () => unknown>>}
 */
const answers = {
  getSyntacticDiagnostics: nothing,
  getSemanticDiagnostics: nothing,
  getSuggestionDiagnostics: nothing,
  getRegionSemanticDiagnostics: none,
  getCompletionsAtPosition: none,
  getCompletionEntryDetails: none,
  getQuickInfoAtPosition: none,
  getSignatureHelpItems: none,
  getDefinitionAtPosition: none,
  getDefinitionAndBoundSpan: none,
  getTypeDefinitionAtPosition: none,
  getImplementationAtPosition: none,
  getReferencesAtPosition: none,
  findReferences: none,
  getDocumentHighlights: none,
  getRenameInfo: () => ({ canRename: false, localizedErrorMessage: "Tandem renames in this notebook." }),
  getEncodedSyntacticClassifications: () => ({ spans: [], endOfLineState: 0 }),
  getEncodedSemanticClassifications: () => ({ spans: [], endOfLineState: 0 }),
  getCodeFixesAtPosition: nothing,
  getApplicableRefactors: nothing,
  organizeImports: nothing,
  provideInlayHints: nothing,
};

/**
 * Whether a file is a cell that Tandem serves. VS Code names a cell to the service
 * `^/vscode-notebook-cell/<authority>/<path of the notebook>#<the cell>`.
 *
 * @param {unknown} file a name, or a scope that has one
 */
function isServed(file) {
  if (served.size === 0) return false;
  const name = typeof file === "object" && file && "fileName" in file ? file.fileName : file;
  const [, path] = /^\^\/vscode-notebook-cell\/[^/]*(\/.*)#[^#]*$/.exec(String(name)) ?? [];
  return served.has(path);
}

module.exports = () => ({
  /** @param {PluginInfo} info @returns {LanguageService} */
  create({ languageService, project }) {
    projects = [...projects.filter((one) => one.deref()), new WeakRef(project)];
    const ours = { ...languageService };
    for (const [name, answer] of Object.entries(answers)) {
      const theirs = languageService[name];
      if (typeof theirs !== "function") continue;
      ours[name] = (/** @type {unknown[]} */ ...args) =>
        isServed(args[0]) ? answer() : theirs.apply(languageService, args);
    }
    return ours;
  },

  /** @param {{ notebooks?: unknown }} configuration */
  onConfigurationChanged({ notebooks }) {
    served = new Set(Array.isArray(notebooks) ? notebooks : []);
    // What stands in the editor was said before.
    for (const project of projects) project.deref()?.refreshDiagnostics?.();
  },
});
