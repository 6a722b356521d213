// A second kernel for .ipynb files: with it present, VS Code asks which one is meant unless Tandem selects itself.
const vscode = require("vscode");

/** @param {import("vscode").ExtensionContext} context */
exports.activate = (context) => {
  const controller = vscode.notebooks.createNotebookController("other", "jupyter-notebook", "Another kernel");
  controller.executeHandler = (cells) => {
    for (const cell of cells) {
      const execution = controller.createNotebookCellExecution(cell);
      execution.start();
      execution.replaceOutput(
        new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.text("run by the other kernel")]),
      );
      execution.end(true);
    }
  };
  context.subscriptions.push(controller);
};
