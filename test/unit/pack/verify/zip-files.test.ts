import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PackFiles } from "../../../../src/pack/verify/pack-files.ts";
import { readWhole } from "../../../../src/pack/verify/pack-files.ts";
import { zipFiles } from "../../../../src/pack/verify/zip-files.ts";
import { zipOf } from "../../../fixtures/sealed-pack.ts";
import { temporaryFolders } from "../../../fixtures/temporary-folder.ts";

const folder = temporaryFolders();
const files = new Map<string, string | Uint8Array>([
  ["records.jsonl", `${'{"id":1}\n'.repeat(50_000)}`],
  ["signing-key.pem", "stored, not packed"],
  ["empty.csv", ""],
]);
const zip = await zipOf(files);

async function opened(bytes: Uint8Array): Promise<PackFiles> {
  const path = join(folder(), "evidence.zip");
  writeFileSync(path, bytes);
  return zipFiles(path);
}

async function contents(bytes: Uint8Array): Promise<Map<string, string>> {
  const found = await opened(bytes);
  const read = new Map<string, string>();
  for (const name of found.names) {
    const file = await readWhole(found, name);
    read.set(name, file.problem ?? Buffer.from(file.bytes).toString());
  }
  await found.close();
  return read;
}

/** Replaces a field of the first record with this signature. */
function withField(signature: number, offset: number, length: 1 | 2 | 4, value: number, of = zip): Buffer {
  const bytes = Buffer.from(of);
  const marker = Buffer.alloc(4);
  marker.writeUInt32LE(signature);
  bytes.writeUIntLE(value, bytes.indexOf(marker) + offset, length);
  return bytes;
}
const [local, central, end] = [0x04034b50, 0x02014b50, 0x06054b50];

/** The same list of files, after a file that it does not name. */
function hiding(hidden: Buffer): Buffer {
  const listAt = zip.readUInt32LE(zip.length - 6);
  const shifted = Buffer.concat([zip.subarray(0, listAt), hidden, zip.subarray(listAt)]);
  shifted.writeUInt32LE(listAt + hidden.length, shifted.length - 6);
  return shifted;
}

describe("a ZIP", () => {
  it("is read, packed or stored, with and without zip64", async () => {
    const sorted = new Map([...files].map(([name, text]) => [name, String(text)] as const).sort());
    expect(await contents(zip)).toEqual(sorted);
    expect(await contents(await zipOf(files, true))).toEqual(sorted);
  });

  it.each<[string, Buffer | (() => Promise<Buffer>), RegExp]>([
    ["cut at its end", zip.subarray(0, -1), /no end record/],
    ["with something after it", Buffer.concat([zip, Buffer.from("more")]), /no end record/],
    ["with something before it", Buffer.concat([Buffer.from("more"), zip]), /list of files is not where it must be/],
    ["that hides a file from its list", hiding(zip.subarray(0, 200)), /that its list of files does not name/],
    ["of nothing", Buffer.alloc(0), /no end record/],
    ["in several parts", withField(end, 4, 2, 1), /one part of several/],
    ["that lists more files than it has", withField(end, 10, 2, 9), /one part of several/],
    ["with a link in it", withField(central, 40, 2, 0o120777), /records\.jsonl in it is a link/],
    ["that is encrypted", withField(central, 8, 2, 1), /records\.jsonl in it is encrypted/],
    ["compressed in another way", withField(central, 10, 2, 12), /records\.jsonl in it is compressed in a way/],
    ["with a file longer than its bytes can hold", withField(central, 24, 4, 0x7fffffff), /claims to be longer/],
    ["with files over each other", withField(central, 20, 4, 0x00ffffff), /lies over/],
    [
      "without its second end record, though the first refers to it",
      withField(end, 16, 4, 0xffffffff),
      /zip64 locator/,
    ],
    ["with a path in it", () => zipOf(new Map([["inside/records.jsonl", ""]])), /no name of a bundle's file/],
    [
      "with two names that some systems take for one",
      () =>
        zipOf(
          new Map([
            ["records.jsonl", ""],
            ["Records.jsonl", ""],
          ]),
        ),
      /is in it twice/,
    ],
  ])("%s is refused", async (_, bytes, problem) => {
    await expect(opened(typeof bytes === "function" ? await bytes() : bytes)).rejects.toThrow(problem);
  });

  it.each(["../records.jsonl", "/records.jsonl", "..\\records.js", "records.jsonl\0", "r\u202ecords.jsonl"])(
    "with the name %j is refused",
    async (name) => {
      const stand = "n".repeat(Buffer.byteLength(name));
      const bytes = await zipOf(new Map([[stand, "x"]]));
      for (let at = bytes.indexOf(stand); at >= 0; at = bytes.indexOf(stand, at)) bytes.write(name, at);
      await expect(opened(bytes)).rejects.toThrow(/no name of a bundle's file/);
    },
  );

  it("whose headers say two names, or two lengths, gives no file", async () => {
    const name = withField(local, 30, 1, "R".charCodeAt(0));
    expect((await contents(name)).get("records.jsonl")).toMatch(/two headers in the ZIP differ/);
    const longer = withField(central, 24, 4, 460_000);
    expect((await contents(longer)).get("records.jsonl")).toMatch(/shorter than the ZIP says/);
    const shorter = withField(central, 24, 4, 1000);
    expect((await contents(shorter)).get("records.jsonl")).toMatch(/longer than the ZIP says/);
  });

  it("that unpacks to a thousand times its length stops at the length it states", async () => {
    const bomb = deflateRawSync(Buffer.alloc(64 * 1024 * 1024));
    const packed = await zipOf(new Map([["records.jsonl", Buffer.alloc(64 * 1024 * 1024)]]));
    expect(packed.length).toBeLessThan(bomb.length + 500);
    const found = await opened(withField(central, 24, 4, 100_000, packed));
    let read = 0;
    const reading = async (): Promise<void> => {
      for await (const chunk of found.open("records.jsonl")) read += chunk.length;
    };
    await expect(reading()).rejects.toThrow(/longer than the ZIP says/);
    await found.close();
    expect(read).toBeLessThan(1024 * 1024);
  });

  it("of any bytes is read or refused, and nothing else happens", async () => {
    const start = zip.indexOf("PK\x01\x02", 0, "latin1");
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: zip.length - start - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const bytes = Buffer.from(zip);
          bytes[start + at] = (bytes[start + at] as number) ^ by;
          const outcome = await contents(bytes).catch((error: Error) => error.message);
          expect(typeof outcome === "string" || outcome.size > 0).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});
