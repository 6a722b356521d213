/** So many are remembered, as Jupyter's own kernels do (`Session.digest_history_size`). */
const REMEMBERED = 65_536;

/**
 * Signatures that came: a client signs each message once, so what comes with the same signature again was recorded by somebody
 * else and is dropped.
 */
export class Signatures {
  readonly #seen = new Set<string>();

  /** Whether it comes for the first time, as far as it is remembered. */
  isNew(signature: Uint8Array): boolean {
    const text = Buffer.from(signature).toString("latin1");
    if (this.#seen.has(text)) return false;
    this.#seen.add(text);
    if (this.#seen.size > REMEMBERED) {
      // A set gives its elements in the order in which they came.
      const [oldest = ""] = this.#seen;
      this.#seen.delete(oldest);
    }
    return true;
  }
}
