/**
 * Type services over the real compiler, for the tests of one file:
 *
 *     const { folder, open, check, shared } = useTypes();
 *     expect(await check(["const a = 1", "a.foo"])).toEqual(["1:3 2339 Property 'foo' does not exist on type '1'."]);
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect } from "vitest";
import { createTypeService } from "../kernel/typescript/service/types.ts";
import type { Diagnostic, TypeService } from "../kernel/typescript/service.ts";

/** Findings as `line:column code message`, without suggestions. */
export const short = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics
    .filter(({ severity }) => severity !== "suggestion")
    .map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`);

export interface Types {
  /** A notebook's folder; its name has what may go wrong in addresses. */
  readonly folder: string;
  /** One of that folder, which knows no cell when a test starts. Its server starts when it is asked first. */
  readonly shared: TypeService;
  /** Another one; of that folder, if no other is named. */
  open(at?: string): TypeService;
  /** Checks the last of some cells after the others were committed in turn, each without a finding of its own. */
  check(cells: readonly string[], service?: TypeService): Promise<string[]>;
}

/** Makes the folder, and ends all services behind the tests. */
export function useTypes(): Types {
  const folder = mkdtempSync(join(tmpdir(), "types é #%20 "));
  const opened: TypeService[] = [];
  const open = (at = folder) => {
    const service = createTypeService({ folder: at });
    if (!service) throw new Error("The compiler is not installed.");
    opened.push(service);
    return service;
  };
  const shared = open();
  afterEach(() => shared.reset());
  afterAll(async () => {
    await Promise.all(opened.map((service) => service.close()));
    rmSync(folder, { recursive: true });
  });
  return {
    folder,
    shared,
    open,
    async check(cells, service = shared) {
      let found: readonly Diagnostic[] = [];
      for (const [index, cell] of cells.entries()) {
        found = await service.check(`cell-${index + 1}.ts`, cell);
        if (index === cells.length - 1) break;
        expect(short(found)).toEqual([]);
        await service.commit(`cell-${index + 1}.ts`, cell);
      }
      return short(found);
    },
  };
}
