import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { createShared, mapShared } from "../rust/addon.ts";

/**
 * Memory that the engine and Python both have, by anonymous files that the other process opens as `/proc/<pid>/fd/<fd>`.
 * What `tandem.array` allocates is one such file, known on both sides by its inode, for as long as one of them uses it;
 * other large arrays are copied into one that the other side then owns.
 */
export interface SharedPlace {
  /** Where the other process opens the file. */
  readonly path: string;
  readonly inode: string;
}

/** From this size on, in bytes, a file is faster than the socket. */
export const LARGE = 128 * 1024;

const places = new WeakMap<ArrayBufferLike, SharedPlace>();
const known = new Map<string, WeakRef<ArrayBuffer>>();
const gone = new FinalizationRegistry<string>((inode) => {
  if (!known.get(inode)?.deref()) known.delete(inode);
});

/** Zeroed memory that other processes can map; undefined where there is none: not Linux, no addon, VS Code's own runtime. */
export function allocateShared(bytes: number): ArrayBuffer | undefined {
  const fd = createFile(bytes);
  if (fd === undefined) return undefined;
  try {
    return remember(mapShared(fd, bytes), fd);
  } catch {
    closeSync(fd);
    return undefined;
  }
}

/** Where another process finds a buffer's memory; undefined for memory of this process alone. */
export function sharedPlace(buffer: ArrayBufferLike): SharedPlace | undefined {
  return places.get(buffer);
}

/** The memory at a place that Python names: the buffer that is here already, or a mapping of it. */
export function openShared({ path, inode }: SharedPlace): ArrayBuffer {
  const here = known.get(inode)?.deref();
  if (here) return here;
  const fd = openSync(path, "r+");
  const { size } = fstatSync(fd);
  return remember(mapShared(fd, size), fd);
}

/** A copy in a file for another process, to be closed when that has opened it; undefined where there are no such files. */
export function copyToFile(bytes: Uint8Array): { path: string; fd: number } | undefined {
  const fd = createFile(bytes.byteLength);
  if (fd === undefined) return undefined;
  for (let at = 0; at < bytes.byteLength; ) at += writeSync(fd, bytes, at, bytes.byteLength - at, at);
  return { path: pathOf(fd), fd };
}

/** The content of a file that Python has made for this process alone, `length` bytes, more than none. */
export function takeFile(path: string, length: number): ArrayBuffer {
  const fd = openSync(path, "r+");
  try {
    return mapShared(fd, length);
  } catch {
    // A runtime that allows no memory but its own.
    const copy = new Uint8Array(length);
    for (let at = 0; at < length; ) at += readSync(fd, copy, at, length - at, at);
    closeSync(fd);
    return copy.buffer;
  }
}

function remember(buffer: ArrayBuffer, fd: number): ArrayBuffer {
  const inode = String(fstatSync(fd).ino);
  places.set(buffer, { path: pathOf(fd), inode });
  known.set(inode, new WeakRef(buffer));
  gone.register(buffer, inode);
  return buffer;
}

const pathOf = (fd: number) => `/proc/${process.pid}/fd/${fd}`;

let available = process.platform === "linux";

function createFile(bytes: number): number | undefined {
  if (!available) return undefined;
  try {
    const fd = createShared(bytes);
    return fd < 0 ? undefined : fd;
  } catch {
    // No addon: what it would have done fails each time.
    available = false;
    return undefined;
  }
}
