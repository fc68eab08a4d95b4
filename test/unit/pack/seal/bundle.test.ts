import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BundledRecord } from "../../../../src/pack/formats.ts";
import { type WrittenFile, writeBundle, writeRecords } from "../../../../src/pack/seal/bundle.ts";
import { zipFiles } from "../../../../src/pack/verify/zip-files.ts";
import { sha256Hex } from "../../../../src/util/hash.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flowproof-bundle-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function* records(count: number): AsyncGenerator<BundledRecord> {
  for (let id = 1; id <= count; id += 1)
    yield { id, position: id - 1, leaf: sha256Hex(String(id)), content: "x".repeat(900) };
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

describe("the bundle of evidence", () => {
  it("holds every record as a line, beyond one portion, under the digest that is signed", async () => {
    const path = join(folder, "records.jsonl");
    const { sha256 } = await writeRecords(path, records(3_000));
    const text = readFileSync(path, "utf8");
    expect(sha256).toBe(sha256Hex(text));
    expect(text.split("\n")).toHaveLength(3_001);
    expect(JSON.parse(text.split("\n")[2_999] ?? "")).toMatchObject({ id: 3_000, position: 2_999 });
  });

  it("is the same bytes whenever and wherever it is packed, and holds what was put in", async () => {
    const written = await writeRecords(join(folder, "records.jsonl"), records(50));
    const files = new Map([
      ["VERIFY.txt", "how"],
      ["changes.csv", "a,b\n"],
    ]);
    const make = (name: string) =>
      writeBundle(join(folder, name), new Map<string, string | WrittenFile>([...files, ["records.jsonl", written]]));
    const one = await make("one.zip");
    const zone = process.env.TZ;
    process.env.TZ = "Pacific/Honolulu";
    try {
      const two = await make("two.zip");
      expect(two.sha256).toBe(one.sha256);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
    expect(sha256Hex(readFileSync(one.path))).toBe(one.sha256);
    const zip = await zipFiles(one.path);
    try {
      expect(zip.names).toEqual(["VERIFY.txt", "changes.csv", "records.jsonl"]);
      expect(sha256Hex(await whole(zip.open("records.jsonl")))).toBe(written.sha256);
    } finally {
      await zip.close?.();
    }
  });

  it("fails where a file that it is to hold is not there", async () => {
    const missing = { path: join(folder, "nothing"), sha256: "" };
    await expect(writeBundle(join(folder, "one.zip"), new Map([["a", missing]]))).rejects.toThrow("ENOENT");
  });
});
