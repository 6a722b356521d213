/** A value's place in a text: UTF-16 offsets, the end exclusive. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A member of an object: its name, where its name's quote stands, and its value. */
export interface Member {
  readonly name: string;
  readonly start: number;
  readonly value: Place;
}

/**
 * Finds values in a JSON text that `JSON.parse` has accepted, without making objects of them: a notebook with pictures is
 * large, and only a few places in it matter. Nothing here recurses, however deep the values nest.
 */
export function valueAt(text: string, from: number): Place {
  const start = skipSpace(text, from);
  const first = text[start];
  if (first === '"') return { start, end: stringEnd(text, start) };
  if (first === "{" || first === "[") return { start, end: containerEnd(text, start) };
  const literal = /[^\s,\]}]*/y;
  literal.lastIndex = start;
  literal.exec(text);
  return { start, end: literal.lastIndex };
}

/** The members of the object at `place`, in their order. */
export function membersOf(text: string, place: Place): Member[] {
  const members: Member[] = [];
  let at = skipSpace(text, place.start + 1);
  while (text[at] === '"') {
    const nameEnd = stringEnd(text, at);
    const value = valueAt(text, skipSpace(text, nameEnd) + 1);
    members.push({ name: JSON.parse(text.slice(at, nameEnd)), start: at, value });
    at = skipSpace(text, skipSpace(text, value.end) + 1);
  }
  return members;
}

/** The items of the array at `place`. */
export function itemsOf(text: string, place: Place): Place[] {
  const items: Place[] = [];
  let at = skipSpace(text, place.start + 1);
  while (at < place.end - 1) {
    const item = valueAt(text, at);
    items.push(item);
    at = skipSpace(text, skipSpace(text, item.end) + 1);
  }
  return items;
}

/** The member of a name; of one that stands twice the last, as `JSON.parse` takes it. */
export function memberOf(text: string, place: Place, name: string): Member | undefined {
  return membersOf(text, place).findLast((member) => member.name === name);
}

function skipSpace(text: string, from: number): number {
  const space = /[ \t\r\n]*/y;
  space.lastIndex = from;
  space.exec(text);
  return space.lastIndex;
}

/** Behind the string that starts at `start`. */
function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
}

/** Behind the object or array that starts at `start`. */
function containerEnd(text: string, start: number): number {
  const mark = /["{}[\]]/g;
  mark.lastIndex = start;
  let depth = 0;
  for (;;) {
    const at = mark.exec(text)?.index ?? text.length;
    if (text[at] === '"') {
      mark.lastIndex = stringEnd(text, at);
      continue;
    }
    depth += text[at] === "{" || text[at] === "[" ? 1 : -1;
    if (depth === 0) return at + 1;
  }
}
