/**
 * What the type service knows of the global `py`. Its names are `any`: what Python's annotations say of them is not read
 * here, and anything narrower is "possibly undefined" under a folder's noUncheckedIndexedAccess.
 */
export const pyTypes = `
/**
 * Python's names: those of the %%python cells, builtins and modules. A call is a promise of its value
 * (\`await py.fib(35)\`, \`await py.math.sqrt(2)\`), and so is a name that is awaited (\`await py.total\`).
 * \`py(".venv")\` is the same for another interpreter.
 */
declare const py: { readonly [name: string]: any } & ((python: string) => { readonly [name: string]: any });
`;
