/** A pure function of a text that remembers what it gave for the latest `most` texts. */
export function remembered<T>(make: (text: string) => T, most = 1000): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) {
      // The latest used is the last to go.
      known.delete(text);
      known.set(text, before as T);
      return before as T;
    }
    const made = make(text);
    known.set(text, made);
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return made;
  };
}
