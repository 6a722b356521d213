import { ErrorCodes, ResponseError } from "vscode-languageserver";

/** Tells the editor's user why a request is not done. */
export function refuse({ message }: Error): never {
  throw new ResponseError(ErrorCodes.InvalidRequest, message);
}
