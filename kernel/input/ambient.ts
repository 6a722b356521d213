/** Types of `input`, for the type service. */
export const inputTypes = `
/** Asks the person at the front end for a line of text; with password, what is typed is not shown. */
declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;
`;
