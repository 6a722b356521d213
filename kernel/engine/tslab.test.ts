import type * as tslab from "tslab";
import { expect, expectTypeOf, test } from "vitest";
import type { MimeBundle } from "../wire/message.ts";
import { tslabModule } from "./tslab.ts";

// Checked by the compiler: the module that cells import can stand for tslab's own.
const shim = tslabModule(() => {});
expectTypeOf(shim).toExtend<typeof tslab>();
expectTypeOf(shim.display).toExtend<tslab.Display>();
expectTypeOf<keyof tslab.Display>().toEqualTypeOf<keyof typeof shim.display>();

test("its versions are told", () => {
  expect(shim.versions.node).toBe(process.version);
  expect(shim.versions.tslab).toContain("Tandem");
});

test("a display of its own is one output", () => {
  const shown: { bundle: MimeBundle; id: string | undefined }[] = [];
  const { display, newDisplay } = tslabModule((bundle, id) => shown.push({ bundle, id }));
  const one = newDisplay();
  one.text("a");
  one.raw("x/y", new Uint8Array([1, 2, 3]));
  newDisplay().html("<b>");
  display.gif(new Uint8Array([1]));
  const [first, second, other, plain] = shown;
  expect(second?.id).toBe(first?.id);
  expect(other?.id).not.toBe(first?.id);
  expect(plain).toEqual({ bundle: { "image/gif": "AQ==" }, id: undefined });
  expect(second?.bundle).toEqual({ "x/y": "AQID" });
});
