import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linesOf } from "../../../../src/pack/verify/lines.ts";
import { scanJson } from "../../../../src/pack/verify/scan-json.ts";

/** The text in pieces of this length. */
async function* inPieces(text: string, length: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function scanned(text: string, length = 7): Promise<readonly [string, unknown][]> {
  const found: [string, unknown][] = [];
  await scanJson(inPieces(text, length), ["checkpoint", "records"], (key, json) =>
    found.push([key, JSON.parse(Buffer.from(json).toString())]),
  );
  return found;
}

describe("scanning JSON that is too long to be held", () => {
  it("finds what parsing it whole finds, wherever the pieces end", async () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    const file = fc.record({
      other: fc.jsonValue(),
      checkpoint: object,
      more: fc.jsonValue(),
      records: fc.array(object),
    });
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 2), async (value, length, indent) => {
        const parsed = JSON.parse(JSON.stringify(value)) as typeof value;
        expect(await scanned(JSON.stringify(value, null, indent), length)).toEqual([
          ["checkpoint", parsed.checkpoint],
          ...parsed.records.map((record) => ["records", record]),
        ]);
      }),
    );
  });

  it("takes no key of a deeper level, and none in a text, for one of the first", async () => {
    const text = '{"a":{"records":[{"id":1}]},"b":"\\"records\\":[{\\"id\\":2}]","c":["records",{"checkpoint":{}}]}';
    expect(await scanned(text)).toEqual([]);
  });

  it.each(['{"records":[{"id":1}', '{"records":"', "}", '{"records":[}}]'])("refuses %s", async (text) => {
    await expect(scanned(text)).rejects.toThrow(/cut|not JSON/);
  });

  it("stops at an object without an end", async () => {
    const endless = `{"checkpoint":{"note":"${"x".repeat(3 * 1024 * 1024)}`;
    await expect(scanned(endless, 64 * 1024)).rejects.toThrow(/no end/);
  });
});

describe("lines of a stream", () => {
  it("are those of the whole text, wherever the pieces end", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 9 }), async (text, length) => {
        const lines: string[] = [];
        for await (const line of linesOf(inPieces(text, length))) lines.push(Buffer.from(line).toString());
        const expected = Buffer.from(text).toString().split("\n");
        if (expected.at(-1) === "") expected.pop();
        expect(lines).toEqual(expected);
      }),
    );
  });
});
