/**
 * Types of the names that Python puts into the notebook's scope, for the type service. Python's names are `any`: what
 * its annotations say is not read here, and anything narrower is "possibly undefined" where a folder's tsconfig.json
 * sets noUncheckedIndexedAccess.
 */
export const pythonTypes = `
/** Names of the Python cells, builtins and modules: \`await py.f(1)\`, \`await py.total\`, \`await py.math.sqrt(2)\`. */
declare const py: {
  /** The same for another interpreter. */
  (interpreter: string): typeof py;
  readonly [name: string]: any;
};
`;
