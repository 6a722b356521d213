/** The cell was interrupted. */
export class Interrupted extends Error {
  constructor() {
    super("The cell was interrupted. Its variables keep what they held.");
    this.name = "Interrupted";
  }
}
