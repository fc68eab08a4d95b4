import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packFile } from "../../../../src/pack/formats.ts";
import { plain } from "../../../../src/pack/verify/findings.ts";
import { verifyPath } from "../../../../src/pack/verify/index.ts";
import { checkLines } from "../../../../src/pack/verify/print.ts";
import { sealedPack, writeFiles, zipOf } from "../../../fixtures/sealed-pack.ts";
import { temporaryFolders } from "../../../fixtures/temporary-folder.ts";

const folder = temporaryFolders();
const whole = await sealedPack();

const verdictOn = async (path: string): Promise<readonly string[]> => {
  const { checks } = await verifyPath(path);
  return checks.filter(({ outcome }) => outcome === "broken").map(({ subject, text }) => `${subject}: ${text}`);
};

const packWith = (name: string, content: string | Uint8Array): string =>
  writeFiles(folder(), new Map<string, string | Uint8Array>(whole.files).set(name, content));

const deep = "[".repeat(200_000);
const hostile: readonly [string, string | Uint8Array][] = [
  ["nothing", ""],
  ["cut JSON", '{"_type":"https://in-toto.io/Sta'],
  ["a list", "[]"],
  ["null", "null"],
  ["a number beyond all", '{"version":1e999,"size":123456789012345678901234567890}'],
  ["keys of prototypes", '{"__proto__":{"version":1},"constructor":1,"toString":null,"hasOwnProperty":1}'],
  ["lists within lists", deep],
  ["bytes that are not UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ["a byte order mark", '\ufeff{"version":1}'],
  ["lone surrogates", '{"payload":"\\ud800","payloadType":"\\udfff","signatures":[{"keyid":"\\u0000","sig":"A"}]}'],
  ["a file of zeros", Buffer.alloc(100_000)],
];

describe("hostile input", () => {
  const names = ["manifest.json", "manifest.dsse.json", "content.json", "content.dsse.json", "proofs.json"];
  const others = ["assessment.json", "signing-key.pem", "SHA256SUMS", "pack.html", "pack.pdf", "evidence.zip"];
  it.each([...names, ...others])("in the place of %s is broken, never an error", async (name) => {
    for (const [what, content] of hostile) {
      const broken = await verdictOn(packWith(name, content));
      expect(
        broken.some((line) => line.startsWith(name)),
        `${what}: ${broken.join("\n")}`,
      ).toBe(true);
    }
  });

  it("in the place of records.jsonl is broken, never an error", async () => {
    for (const [what, content] of hostile) {
      const records = await zipOf(new Map([[packFile.records, content]]));
      const broken = await verdictOn(packWith(packFile.bundle, records));
      expect(
        broken.some((line) => /^(records\.jsonl|r1): /.test(line)),
        what,
      ).toBe(true);
    }
  });

  it("in a part alone is broken, never an error", async () => {
    for (const [what, content] of hostile) {
      for (const name of ["pack.html", "pack.pdf", "evidence.zip"]) {
        const path = join(folder(), name);
        writeFileSync(path, content);
        expect(await verdictOn(path), `${name}: ${what}`).not.toEqual([]);
      }
    }
  });

  it("of any bytes anywhere in a signed file never passes and never throws", async () => {
    const path = writeFiles(folder(), whole.files);
    const name = fc.constantFrom(...whole.files.keys());
    await fc.assert(
      fc.asyncProperty(
        name,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.uint8Array({ maxLength: 40 }),
        async (file, place, bytes) => {
          const before = Buffer.from(whole.files.get(file) as Uint8Array);
          const at = Math.floor(place * before.length);
          const after = Buffer.concat([before.subarray(0, at), bytes, before.subarray(at + bytes.length)]);
          fc.pre(!after.equals(before));
          writeFileSync(join(path, file), after);
          const broken = await verdictOn(path);
          writeFileSync(join(path, file), before);
          expect(broken).not.toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("that is not of a pack at all is refused with a sentence", async () => {
    const path = join(folder(), "letter.txt");
    writeFileSync(path, "hello");
    await expect(verifyPath(path)).rejects.toThrow(/letter\.txt is no part of a pack/);
    await expect(verifyPath(join(folder(), "nothing"))).rejects.toThrow(/nothing cannot be read/);
    expect(await verdictOn(folder())).toEqual([
      "signing-key.pem: it is missing; without it no signature can be checked",
    ]);
    const odd = join(folder(), "pack.zip");
    mkdirSync(odd);
    expect(await verdictOn(odd)).not.toEqual([]);
  });

  it("in names reaches a terminal only as escapes", async () => {
    const name = "\u001b[2J\u202egpj.exe\u200b\u{e0041}";
    const path = packWith(name, "");
    const { checks } = await verifyPath(path);
    const lines = checkLines(checks).join("\n");
    expect(lines).toContain("BROKEN     \\u001b[2J\\u202egpj.exe\\u200b\\ue0041");
    expect(lines).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
    expect(plain("x".repeat(5000)).length).toBeLessThan(1300);
  });
});
