import { originalPosition, type SourceMap } from "../typescript/edits.ts";

/** Source maps of the cells whose code is not line for line what runs (enums, decorators, JSX). */
export class CellMaps {
  readonly #maps = new Map<string, ReturnType<typeof originalPosition>>();

  /** Sets what applies to a cell's name from now on. */
  set(file: string, map: SourceMap | undefined): void {
    if (map) this.#maps.set(file, originalPosition(map.mappings));
    else this.#maps.delete(file);
  }

  /** Text in which positions such as `cell-7.ts:2:9` are those of the cell. */
  apply(text: string): string {
    if (this.#maps.size === 0) return text;
    return text.replace(/(cell-\d+\.\w+):(\d+):(\d+)/g, (position, file: string, line, column) => {
      const original = this.#maps.get(file)?.(Number(line) - 1, Number(column) - 1);
      return original ? `${file}:${original[0] + 1}:${original[1] + 1}` : position;
    });
  }
}
