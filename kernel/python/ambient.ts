/** Types of the names that Python puts into the notebook's scope, for the type service. */
export const pythonTypes = `
/** A name in Python: call it, or await its value. */
interface PythonName extends PromiseLike<any> {
  (...args: any[]): Promise<any>;
  readonly [name: string]: any;
}
/** Names of the Python cells, builtins and modules: \`await py.f(1)\`, \`await py.math.sqrt(2)\`. */
declare const py: {
  /** The same for another interpreter. */
  (interpreter: string): typeof py;
  readonly [name: string]: PythonName;
};
`;
