/** Copies of large buffers in shared memory: a buffer whose content has not changed is not copied again. */
export class SharedCopies {
  readonly #copies = new WeakMap<ArrayBuffer, SharedArrayBuffer>();

  of(buffer: ArrayBuffer): SharedArrayBuffer {
    const known = this.#copies.get(buffer);
    // Comparing is several times faster than copying, and the workers keep what they have.
    if (known && Buffer.compare(Buffer.from(known), Buffer.from(buffer)) === 0) return known;
    const copy = new SharedArrayBuffer(buffer.byteLength);
    new Uint8Array(copy).set(new Uint8Array(buffer));
    this.#copies.set(buffer, copy);
    return copy;
  }
}
