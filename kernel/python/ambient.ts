/** What the type service knows of the global `py`. What Python returns is `any`: its annotations are not read here. */
export const pyTypes = `
/** A name of the Python cells, a builtin or a module: called, it is a call in Python; awaited, it is the value. */
type PyName = ((...args: unknown[]) => Promise<any>) & PromiseLike<any> & { readonly [name: string]: PyName };
/** Names of the Python cells, builtins and modules: py.f(1), await py.x, py.math.sqrt(2). */
type Py = { readonly [name: string]: PyName };
/** Python: py.f(1), await py.x, py.math.sqrt(2); py(".venv").f(1) in another interpreter. */
declare const py: Py & ((python: string) => Py);
`;
