/**
 * Of what stands around the chart; colours are the editor's, with fallbacks for pages that have none and for high contrast,
 * where the editor defines the text of buttons but no background.
 */
export const rendererStyle = `
.tandem-bench {
  position: relative;
  color: var(--vscode-foreground, inherit);
  font-family: var(--vscode-font-family, system-ui, sans-serif);
  font-size: 12px;
}
.tandem-bench button {
  margin: 0 0 8px 8px;
  padding: 2px 8px;
  border: 1px solid var(--vscode-button-border, #8888);
  border-radius: 2px;
  background: var(--vscode-button-secondaryBackground, transparent);
  color: var(--vscode-button-secondaryForeground, inherit);
  font: inherit;
  cursor: pointer;
}
.tandem-bench button:hover {
  background: var(--vscode-button-secondaryHoverBackground, #8884);
}
.tandem-bench button:focus-visible {
  outline: 1px solid var(--vscode-focusBorder, currentColor);
  outline-offset: 2px;
}
.tandem-buttons {
  margin-top: 6px;
}
.tandem-buttons button[hidden] {
  display: none;
}
.tandem-said {
  color: var(--vscode-descriptionForeground, inherit);
}
.tandem-chart {
  position: relative;
  touch-action: pan-y;
  user-select: none;
}
.tandem-chart:focus-visible {
  outline: 1px solid var(--vscode-focusBorder, currentColor);
}
.tandem-chart [data-tip]:hover {
  opacity: 0.75;
}
.tandem-table {
  margin: 0 8px 8px;
  overflow-x: auto;
}
.tandem-table table {
  border-collapse: collapse;
  color: inherit;
  font: inherit;
}
.tandem-table caption {
  padding: 4px 0;
  text-align: left;
}
.tandem-table th,
.tandem-table td {
  padding: 2px 10px 2px 0;
  border-bottom: 1px solid var(--vscode-panel-border, #8884);
  text-align: right;
  font-variant-numeric: tabular-nums;
  white-space: nowrap;
}
.tandem-table th:first-child {
  text-align: left;
}
.tandem-tooltip {
  position: absolute;
  z-index: 1;
  max-width: 320px;
  padding: 4px 8px;
  border: 1px solid var(--vscode-editorHoverWidget-border, #8888);
  background: var(--vscode-editorHoverWidget-background, #f3f3f3);
  color: var(--vscode-editorHoverWidget-foreground, #222);
  pointer-events: none;
}
.tandem-tooltip[hidden],
.tandem-table[hidden] {
  display: none;
}
`;
