import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fingerprint, publicKeyPem } from "../../../../src/ledger/signing-key.ts";
import { packFile } from "../../../../src/pack/formats.ts";
import type { Check } from "../../../../src/pack/verify/check.ts";
import { verifyPath } from "../../../../src/pack/verify/index.ts";
import { fixtureKey, type SealedPack, sealedPack, writeFiles, zipOf } from "../../../fixtures/sealed-pack.ts";
import { temporaryFolders } from "../../../fixtures/temporary-folder.ts";

const folder = temporaryFolders();
const whole = await sealedPack();

const brokenOf = (checks: readonly Check[]): readonly string[] =>
  checks.filter(({ outcome }) => outcome === "broken").map(({ subject, text }) => `${subject}: ${text}`);

const laidOut = (pack: SealedPack = whole): string => writeFiles(join(folder(), pack.name), pack.files);

function flipped(bytes: Uint8Array, at = Math.floor(bytes.length / 2)): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}

describe("an issued pack that nobody touched", () => {
  it("holds as a folder, and says what it could not check", async () => {
    const path = laidOut();
    const found = await verifyPath(path);
    expect(brokenOf(found.checks)).toEqual([]);
    expect(found).toMatchObject({ kind: "folder", name: "riverbank-2026-10", manifest: whole.manifest });
    expect(found.checkpoint).toEqual({ size: 21, root: whole.checkpoint.root, origin: "flowproof/riverbank" });
    const unchecked = found.checks.filter(({ outcome }) => outcome === "unchecked").map(({ subject }) => subject);
    expect(unchecked).toEqual(["signing-key.pem", "timestamp", "pack.pdf signature"]);
  });

  it.each([
    ["bundle", packFile.bundle],
    ["html", packFile.html],
    ["pdf", packFile.pdf],
  ])("holds by its %s alone", async (kind, name) => {
    const path = join(writeFiles(folder(), new Map([[name, whole.files.get(name) as Uint8Array]])), name);
    const found = await verifyPath(path);
    expect(brokenOf(found.checks)).toEqual([]);
    expect(found.kind).toBe(kind);
    expect(found.content?.predicate.checkpoint).toEqual(whole.checkpoint);
    expect(found.checks.some(({ outcome, text }) => outcome === "unchecked" && text.includes("folder"))).toBe(true);
  });

  it("holds as an unpacked bundle", async () => {
    const inner = ["assessment.json", "changes.csv", "deployments.csv", packFile.proofs, packFile.content];
    const names = [...inner, packFile.contentEnvelope, packFile.key, packFile.verifier, packFile.instructions];
    const records = "records.jsonl";
    const path = folder();
    writeFiles(path, new Map(names.map((name) => [name, whole.files.get(name) as Uint8Array])));
    const lines: Buffer[] = [];
    const { zipFiles } = await import("../../../../src/pack/verify/zip-files.ts");
    const zip = await zipFiles(join(laidOut(), packFile.bundle));
    for await (const chunk of zip.open(records)) lines.push(Buffer.from(chunk));
    await zip.close();
    writeFileSync(join(path, records), Buffer.concat(lines));
    const found = await verifyPath(path);
    expect(found.kind).toBe("bundle");
    expect(brokenOf(found.checks)).toEqual([]);
  });

  it("holds under the key that was expected, and is broken under another", async () => {
    const path = laidOut();
    const other = fixtureKey();
    const pem = join(folder(), "told.pem");
    writeFileSync(pem, publicKeyPem(whole.key.publicKey));
    const keyCheck = async (key: string): Promise<Check | undefined> =>
      (await verifyPath(path, { key })).checks.find(({ subject }) => subject === packFile.key);
    expect(await keyCheck(fingerprint(whole.key.publicKey))).toMatchObject({ outcome: "holds" });
    expect(await keyCheck(pem)).toMatchObject({ outcome: "holds" });
    expect(await keyCheck(fingerprint(other.publicKey).toUpperCase())).toMatchObject({ outcome: "broken" });
    await expect(verifyPath(path, { key: "nonsense" })).rejects.toThrow(/neither a fingerprint .* nor a file/);
  });

  it("gives the same checks for a redacted edition, whose records are leaves alone", async () => {
    const found = await verifyPath(laidOut(await sealedPack({ edition: "redacted" })));
    expect(brokenOf(found.checks)).toEqual([]);
    expect(found.checks).toContainEqual(
      expect.objectContaining({
        subject: "records",
        outcome: "unchecked",
        text: expect.stringMatching(/^7 records .*redacted/),
      }),
    );
  });

  it("names a record whose content was erased, and says what still holds of it", async () => {
    const pack = await sealedPack({
      lies: {
        records: (records) =>
          records.map(({ salt, content, ...rest }) =>
            rest.id === 4 ? rest : ({ ...rest, salt, content } as typeof rest),
          ),
      },
    });
    const found = await verifyPath(laidOut(pack));
    expect(brokenOf(found.checks)).toEqual([]);
    expect(found.checks).toContainEqual(
      expect.objectContaining({
        outcome: "unchecked",
        text: expect.stringMatching(/content of r4 is not here: it was erased/),
      }),
    );
  });
});

describe("an altered byte", () => {
  // What must be said when the middle byte of a file is another: the file itself, or what its bytes carry.
  const said: Record<string, RegExp> = {
    "manifest.json": /^manifest\.json: is not what was signed/,
    "manifest.dsse.json": /^manifest\.dsse\.json: |^manifest\.json: is not/,
    "manifest.sig": /^manifest\.sig: is not the signature/,
    "signing-key.pem": /^signing-key\.pem: |signature is not good/,
  };
  it.each([...whole.files.keys()])("in %s is found and the file named", async (name) => {
    const files = new Map(whole.files).set(name, flipped(whole.files.get(name) as Uint8Array));
    const path = writeFiles(folder(), files);
    const broken = brokenOf((await verifyPath(path)).checks);
    const expected = said[name] ?? new RegExp(`^${name.replaceAll(".", "\\.")}: was altered`);
    expect(
      broken.some((line) => expected.test(line)),
      broken.join("\n"),
    ).toBe(true);
  });

  it("anywhere in pack.html alone is found", async () => {
    const bytes = whole.files.get(packFile.html) as Uint8Array;
    const path = join(folder(), packFile.html);
    for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 60)) {
      writeFileSync(path, flipped(bytes, at));
      expect(brokenOf((await verifyPath(path)).checks), `at ${at}`).not.toEqual([]);
    }
  });

  it.each(["records.jsonl", "proofs.json", "changes.csv", "signing-key.pem"])(
    "anywhere in %s of evidence.zip alone is found",
    async (name) => {
      const bytes = Buffer.from(whole.files.get(packFile.bundle) as Uint8Array);
      const path = join(folder(), packFile.bundle);
      const start = bytes.indexOf(name) + name.length;
      const found = [...bytes.toString("latin1").matchAll(/PK[\x01\x03]/g)].map(({ index }) => index);
      const end = found.find((index) => index > start) as number;
      for (let at = start; at < end - 16; at += Math.ceil((end - start) / 20)) {
        writeFileSync(path, flipped(bytes, at));
        expect(brokenOf((await verifyPath(path)).checks), `at ${at}`).not.toEqual([]);
      }
    },
  );
});

describe("a pack's folder", () => {
  it.each([...whole.files.keys()])("without %s is broken, and the file named", async (name) => {
    const files = new Map(whole.files);
    files.delete(name);
    const broken = brokenOf((await verifyPath(writeFiles(folder(), files))).checks);
    expect(
      broken.some((line) => line.startsWith(`${name}: `) && /missing/.test(line)),
      broken.join("\n"),
    ).toBe(true);
  });

  it("names what was added: a file, a folder, a link", async () => {
    const path = laidOut();
    writeFileSync(join(path, "more.csv"), "");
    mkdirSync(join(path, "inside"));
    symlinkSync("/etc/hostname", join(path, "link"));
    expect(brokenOf((await verifyPath(path)).checks)).toEqual([
      "more.csv: was added: manifest.json does not list it",
      "inside: was added: it is a folder, and no part of the pack",
      "link: was added: it is a link or device, and no part of the pack",
    ]);
  });

  it("is broken where SHA256SUMS says something else than the manifest, though both are signed", async () => {
    const other = "0".repeat(64);
    const pack = await sealedPack({
      lies: {
        manifest: (manifest) => ({
          ...manifest,
          subject: manifest.subject.map((one) =>
            one.name === "changes.csv" ? { ...one, digest: { sha256: other } } : one,
          ),
        }),
      },
    });
    const broken = brokenOf((await verifyPath(laidOut(pack))).checks);
    expect(broken).toContain("SHA256SUMS: says something else of changes.csv than the manifest");
    expect(broken).toContain("changes.csv: was altered: its SHA-256 is not the one in manifest.json");
  });

  it("is broken where a manifest is of a kind or version that is not known, or lists a file twice", async () => {
    const versions = await sealedPack({
      lies: { content: (content) => ({ ...content, predicate: { ...content.predicate, version: 2 as 1 } }) },
    });
    expect(brokenOf((await verifyPath(laidOut(versions))).checks)).toContain(
      "content.json: is not a statement of a kind and version known here: predicate.version is not 1",
    );
    const twice = await sealedPack({
      lies: {
        manifest: (manifest) => ({ ...manifest, subject: [...manifest.subject, ...manifest.subject.slice(0, 1)] }),
      },
    });
    expect(brokenOf((await verifyPath(laidOut(twice))).checks)).toContain("manifest.json: lists SHA256SUMS twice");
  });

  it("is broken where its two manifests are of two packs", async () => {
    const pack = await sealedPack({
      lies: {
        manifest: (manifest) => ({ ...manifest, predicate: { ...manifest.predicate, content: "0".repeat(64) } }),
      },
    });
    expect(brokenOf((await verifyPath(laidOut(pack))).checks)).toEqual([
      "manifest.json: is of another pack, content or checkpoint than content.json",
    ]);
  });

  it("is broken where somebody replaced the signed files by a pack signed with another key, unless nobody says which key", async () => {
    const forged = await sealedPack({ key: fixtureKey() });
    const path = laidOut(forged);
    expect(brokenOf((await verifyPath(path)).checks)).toEqual([]);
    expect(brokenOf((await verifyPath(path, { key: fingerprint(whole.key.publicKey) })).checks)).toEqual([
      expect.stringMatching(/^signing-key\.pem: is not the key you gave: its fingerprint is [0-9a-f]{64}/),
    ]);
  });

  it("that is a draft's shows only that its files belong together", async () => {
    const { manifestOf } = await import("../../../../src/pack/manifest.ts");
    const files = new Map<string, string>([["pack.html", "<p>draft</p>"]]);
    const checkpoint = { size: 3, root: "00", at: "2026-11-01T00:00:00Z" };
    const manifest = manifestOf(files, { tool: "flowproof 0.1.0", checkpoint });
    const path = writeFiles(folder(), new Map([...files, ["manifest.json", manifest]]));
    const found = await verifyPath(path);
    expect(found.kind).toBe("draft");
    expect(brokenOf(found.checks)).toEqual([]);
    expect(found.checks.at(-1)).toMatchObject({
      outcome: "unchecked",
      text: expect.stringMatching(/draft: nobody signed it/),
    });
    writeFileSync(join(path, "pack.html"), "<p>other</p>");
    writeFileSync(join(path, "manifest.sig"), "");
    expect(brokenOf((await verifyPath(path)).checks)).toEqual([
      "pack.html: was altered: its SHA-256 is not the one in manifest.json",
      "manifest.sig: was added: manifest.json does not list it",
      "manifest.sig: is of an issued pack, and manifest.json is a draft's: it stands where the signed one was",
    ]);
  });

  it("is broken where its signed manifest gave way to a draft's, and so is any draft where a key is expected", async () => {
    const { manifestOf } = await import("../../../../src/pack/manifest.ts");
    const checkpoint = { size: 3, root: "00", at: "2026-11-01T00:00:00Z" };
    const degraded = (files: ReadonlyMap<string, string>): string =>
      writeFiles(
        folder(),
        new Map([...files, ["manifest.json", manifestOf(files, { tool: "flowproof 0.1.0", checkpoint })]]),
      );
    const kept = degraded(
      new Map([
        ["pack.html", "<p>edited</p>"],
        ["content.dsse.json", "{}"],
      ]),
    );
    expect(brokenOf((await verifyPath(kept)).checks)).toEqual([
      "content.dsse.json: is of an issued pack, and manifest.json is a draft's: it stands where the signed one was",
    ]);
    const bare = degraded(new Map([["pack.html", "<p>edited</p>"]]));
    expect(brokenOf((await verifyPath(bare, { key: fingerprint(whole.key.publicKey) })).checks)).toEqual([
      "signature: this is a draft: nobody signed it, neither with the key you gave nor with another",
    ]);
    expect((await verifyPath(bare)).checks[0]?.text).toBe("1 file that it lists: byte for byte what was rendered");
  });
});

describe("what lies inside the parts (58)", () => {
  const replaced = (files: Map<string, string | Uint8Array>): unknown =>
    files.set("changes.csv", "change,outcome\n17,fail\n");
  const added = (files: Map<string, string | Uint8Array>): unknown => files.set("more.csv", "1");
  const removed = (files: Map<string, string | Uint8Array>): unknown => files.delete("deployments.csv");
  it.each([
    ["replaced", replaced, /changes\.csv in it was replaced/],
    ["added", added, /more\.csv was added to it/],
    ["removed", removed, /deployments\.csv is missing in it/],
  ])(
    "an attachment of the PDF or a file of the bundle that was %s is named, even where the manifest is signed over it",
    async (_, lie, text) => {
      const path = laidOut(await sealedPack({ lies: { attached: lie, bundled: lie } }));
      const broken = brokenOf((await verifyPath(path)).checks);
      expect(broken).toEqual([expect.stringMatching(text), expect.stringMatching(text)]);
      expect(broken.map((line) => line.split(":")[0])).toEqual(["evidence.zip", "pack.pdf"]);
      const alone = await Promise.all(["evidence.zip", "pack.pdf"].map((name) => verifyPath(join(path, name))));
      for (const { checks } of alone) expect(brokenOf(checks)).not.toEqual([]);
    },
  );

  it("two attachments or two files of one name are refused", async () => {
    const zip = await zipOf(
      new Map([
        ["records.jsonl", "{}"],
        ["recordz.jsonl", "{}"],
      ]),
    );
    const twice = Buffer.from(zip.toString("latin1").replaceAll("recordz", "records"), "latin1");
    const files = new Map(whole.files).set(packFile.bundle, twice);
    const broken = brokenOf((await verifyPath(writeFiles(folder(), files))).checks);
    expect(broken).toContain("evidence.zip: cannot be opened: records.jsonl is in it twice");
  });
});
