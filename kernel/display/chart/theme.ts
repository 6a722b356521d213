import { element, type SvgElement } from "./svg.ts";

/**
 * How the charts look. Presentation attributes draw them in any viewer, on white or on dark; where the viewer knows CSS
 * variables, a style sheet takes the editor's or the notebook's own colours. Nothing is told by colour alone.
 */

export const fontFamily = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";

export const fontSize = { title: 14, text: 12, small: 11 } as const;

/** What a mark or a text is for, with its colour where no theme is known: a middle tone that stands out on white and black. */
const roles = {
  text: { fill: "#767676", variable: "--vscode-foreground, var(--jp-content-font-color1" },
  muted: { fill: "#767676", variable: "--vscode-descriptionForeground, var(--jp-content-font-color2" },
  /** A text on a mark. */
  onMark: { fill: "#ffffff", variable: "--vscode-editor-background, var(--jp-layout-color0" },
  mark: { fill: "#5a8fc4", variable: "--vscode-charts-blue, var(--jp-brand-color1" },
  best: { fill: "#3f9a63", variable: "--vscode-charts-green, var(--jp-success-color1" },
  line: { fill: "#767676", variable: "--vscode-foreground, var(--jp-content-font-color1" },
  grid: { fill: "#8c8c8c", variable: "--vscode-foreground, var(--jp-content-font-color2" },
  series0: { fill: "#3f83c4", variable: "--vscode-charts-blue, var(--jp-brand-color1" },
  series1: { fill: "#c17a1e", variable: "--vscode-charts-orange, var(--jp-warn-color1" },
  series2: { fill: "#3f9a63", variable: "--vscode-charts-green, var(--jp-success-color1" },
  series3: { fill: "#c75a5a", variable: "--vscode-charts-red, var(--jp-error-color1" },
  series4: { fill: "#8f6fc9", variable: "--vscode-charts-purple, var(--jp-info-color1" },
  series5: { fill: "#8a7a2f", variable: "--vscode-charts-yellow, var(--jp-accent-color1" },
} as const;

export type Role = keyof typeof roles;

/** Attributes of something filled in a role's colour. */
export function filled(role: Role): { fill: string; class: string } {
  return { fill: roles[role].fill, class: `tandem-${role}` };
}

/** Attributes of something drawn in a role's colour. */
export function stroked(role: Role, width = 1): { stroke: string; "stroke-width": number; class: string } {
  return { stroke: roles[role].fill, "stroke-width": width, class: `tandem-${role}-stroke` };
}

/** The style sheet; viewers without variables skip it as a whole. */
export function themeStyle(): SvgElement {
  const rules = Object.entries(roles).map(([role, { fill, variable }]) => {
    const colour = `var(${variable}, ${fill}))`;
    return `.tandem-${role}{fill:${colour}}.tandem-${role}-stroke{stroke:${colour}}`;
  });
  return element("style", {}, `@supports(color:var(--a)){${rules.join("")}}`);
}
