import fc from "fast-check";
import { expect, it } from "vitest";
import { fromHex, toHex } from "../../../src/util/hex.ts";

it("writes what Buffer writes, and reads it back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
      expect(fromHex(toHex(bytes))).toEqual(Uint8Array.from(bytes));
    }),
  );
});

it.each(["0", "0g", "FF", "0x00", " 00", "00\n"])("reads nothing from %j: nobody writes it so", (text) => {
  expect(fromHex(text)).toBeUndefined();
});
