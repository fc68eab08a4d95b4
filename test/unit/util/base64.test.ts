import fc from "fast-check";
import { expect, it } from "vitest";
import { fromBase64, toBase64 } from "../../../src/util/base64.ts";

it("writes what Buffer writes, and reads it back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
      expect(fromBase64(toBase64(bytes))).toEqual(Uint8Array.from(bytes));
    }),
  );
});

it("takes megabytes", () => {
  const bytes = new Uint8Array(3 * 2 ** 20).map((_, i) => i);
  expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
});

it.each(["A", "AA", "AAA", "AA=", "AB==", "AAB=", "AAAA=", " AAAA", "AA AA", "AAAA\n", "-_-_", "é===", "===="])(
  "reads nothing from %j: nobody writes it so",
  (text) => {
    expect(fromBase64(text)).toBeUndefined();
  },
);
