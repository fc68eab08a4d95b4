import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leafContent, leafHash } from "../../../../src/ledger/leaf.ts";
import { type BundledRecord, type Proofs, packFile } from "../../../../src/pack/formats.ts";
import { continuity, type Verification, verifyPath } from "../../../../src/pack/verify/index.ts";
import { sha256 } from "../../../../src/util/hash.ts";
import {
  checkpointOf,
  fixtureKey,
  type Lies,
  type MemoryLedger,
  memoryLedger,
  recordOf,
  type SealedPack,
  type SealOptions,
  sealedPack,
  writeFiles,
} from "../../../fixtures/sealed-pack.ts";
import { temporaryFolders } from "../../../fixtures/temporary-folder.ts";

// Whoever holds the key can sign anything; what was signed before, and the ledger's own arithmetic, still tell.
const folder = temporaryFolders();
const key = fixtureKey();

const verified = (pack: SealedPack): Promise<Verification> =>
  verifyPath(writeFiles(join(folder(), pack.name), pack.files));

const brokenOf = ({ checks }: Pick<Verification, "checks">): readonly string[] =>
  checks.filter(({ outcome }) => outcome === "broken").map(({ subject, text }) => `${subject}: ${text}`);

const brokenBy = async (lies: Lies, options: SealOptions = {}): Promise<readonly string[]> =>
  brokenOf(await verified(await sealedPack({ key, ...options, lies })));

const altered =
  (content: string) =>
  (record: BundledRecord): BundledRecord =>
    record.id === 7 ? { ...record, content } : record;

describe("a record that was altered (53)", () => {
  it("is named where its content is another", async () => {
    expect(await brokenBy({ records: (records) => records.map(altered('{"number":6}')) })).toEqual([
      "r7: was altered: its content is not what was recorded: it does not give its digest",
    ]);
  });

  it("is named where its content and digest are another", async () => {
    const other = recordOf(6, "00", '{"number":6}');
    const records = (all: readonly BundledRecord[]): readonly BundledRecord[] =>
      all.map((record) => (record.id === 7 ? { ...other, leaf: record.leaf } : record));
    expect(await brokenBy({ records })).toEqual(["r7: was altered: its fields do not give its leaf"]);
  });

  it("is named where its leaf is another too, in every file", async () => {
    const other = recordOf(6, "00", '{"number":6}');
    const lies: Lies = {
      records: (all) => all.map((record) => (record.id === 7 ? other : record)),
      proofs: (proofs) => withLeaf(proofs, 7, other.leaf),
      assessment: (assessment) => ({
        ...assessment,
        records: (assessment["records"] as BundledRecord[]).map((record) =>
          record.id === 7 ? { ...record, leaf: other.leaf } : record,
        ),
      }),
    };
    expect(await brokenBy(lies)).toEqual([
      "r7: proofs.json: its leaf was altered; with the leaf that pack.html gives, the checkpoint's root is reached",
    ]);
  });

  it("is named where only the proofs have another leaf", async () => {
    const broken = await brokenBy({ proofs: (proofs) => withLeaf(proofs, 7, "ab".repeat(32)) });
    expect(broken).toContain(
      "r7: proofs.json: its leaf was altered; with the leaf that records.jsonl gives, the checkpoint's root is reached",
    );
    expect(broken).toContain("r7: assessment.json cites it with another leaf than proofs.json");
    expect(broken.every((line) => line.startsWith("r7: "))).toBe(true);
  });

  it("is named where it is missing, added, doubled, out of order or not a record", async () => {
    const drop = await brokenBy({ records: (all) => all.filter(({ id }) => id !== 7) });
    expect(drop).toEqual(["r7: is missing: proofs.json lists it, records.jsonl does not hold it"]);
    const more = await brokenBy({ records: (all) => [...all, memoryLedger(21)[20] as BundledRecord] });
    expect(more).toEqual(["r21: was added: proofs.json does not list it at this place"]);
    const twice = await brokenBy({ records: (all) => all.flatMap((one) => (one.id === 7 ? [one, one] : [one])) });
    expect(twice).toEqual(["r7: was added: proofs.json does not list it at this place"]);
    const order = await brokenBy({ records: (all) => [...all].reverse() });
    expect(order).not.toEqual([]);
    const none = await brokenBy({ records: (all) => [{ id: "7" } as unknown as BundledRecord, ...all] });
    expect(none).toEqual(["records.jsonl: line 1 is not a record: id is not a count"]);
  });

  it("that only one of salt and content is left of is not taken for an erased one", async () => {
    const lies: Lies = {
      records: (all) => all.map(({ salt, ...rest }) => (rest.id === 7 ? rest : ({ ...rest, salt } as typeof rest))),
    };
    expect(await brokenBy(lies)).toEqual(["r7: was altered: only one of salt and content is there"]);
  });
});

describe("a record whose name holds half a character", () => {
  it("has the leaf that the ledger gave it", async () => {
    const ledger = memoryLedger(9).map((record) => {
      if (record.id !== 4) return record;
      const fields = { ...record.fields, externalId: "PR_\ud800\u001a" };
      return { ...record, fields, leaf: Buffer.from(leafHash(sha256, leafContent(fields))).toString("hex") };
    });
    expect(brokenOf(await verified(await sealedPack({ key, ledger })))).toEqual([]);
  });
});

describe("proofs made up (56)", () => {
  it.each<[string, Lies, RegExp]>([
    [
      "one hash too many",
      { proofs: (p) => withProof(p, [...p.records.proof, zero]) },
      /^records: the leaves of proofs\.json do not lead/,
    ],
    [
      "one hash too few",
      { proofs: (p) => withProof(p, p.records.proof.slice(1)) },
      /^records: the leaves of proofs\.json do not lead/,
    ],
    [
      "another hash",
      {
        proofs: (p) =>
          withProof(
            p,
            p.records.proof.map((hash, i) => (i === 0 ? zero : hash)),
          ),
      },
      /^records: /,
    ],
    [
      "a hash of another length",
      { proofs: (p) => withProof(p, ["AAAA"]) },
      /^proofs\.json: cannot be read: records\.proof\[0\] is not 32 bytes/,
    ],
    [
      "a record twice",
      { proofs: (p) => withLeaves(p, (leaves) => [...leaves, leaves.at(-1) as Leaf]) },
      /^r19: proofs\.json: stands out of its place/,
    ],
    [
      "a record beyond the end",
      { proofs: (p) => withLeaves(p, (leaves) => leaves.map(([id, at, leaf]) => [id, id === 19 ? 21 : at, leaf])) },
      /^records: the leaves of proofs\.json/,
    ],
    ["two records in each other's place", { proofs: (p) => withLeaves(p, swapLeaves) }, /^r1: /],
    [
      "a place that is no number",
      { proofs: (p) => withLeaves(p, (l) => l.map(([id, , leaf]) => [id, 1e300, leaf])) },
      /^proofs\.json: cannot be read: records\.leaves\[0\]\[1\]/,
    ],
    [
      "another checkpoint",
      { proofs: (p) => ({ ...p, checkpoint: checkpointOf(memoryLedger(20), key) }) },
      /^proofs\.json: its checkpoint's note is not the one in content\.json/,
    ],
    [
      "a checkpoint that another key signed",
      { proofs: (p) => ({ ...p, checkpoint: checkpointOf(memoryLedger(21), fixtureKey()) }) },
      /^checkpoint: proofs\.json: its checkpoint's note is not signed with the key/,
    ],
    [
      "a checkpoint beside its note",
      { proofs: (p) => ({ ...p, checkpoint: { ...p.checkpoint, size: 22 } }) },
      /^checkpoint: proofs\.json: .* states another size or root/,
    ],
    [
      "a note that was altered",
      {
        proofs: (p) => ({
          ...p,
          checkpoint: { ...p.checkpoint, note: p.checkpoint.note.replace("\n21\n", "\n22\n"), size: 22 },
        }),
      },
      /^checkpoint: proofs\.json: the signature of its checkpoint's note is not good/,
    ],
    [
      "no note",
      { proofs: (p) => ({ ...p, checkpoint: { ...p.checkpoint, note: "21" } }) },
      /^checkpoint: proofs\.json: .* is not a signed note/,
    ],
  ])("%s", async (_, lies, expected) => {
    const broken = await brokenBy(lies);
    expect(
      broken.some((line) => expected.test(line)),
      broken.join("\n"),
    ).toBe(true);
  });

  it("an assessment under another checkpoint, or citing a record that is not proven", async () => {
    const other = await brokenBy({ assessment: (a) => ({ ...a, checkpoint: { size: 22, root: "00", at: "" } }) });
    expect(other).toEqual([
      expect.stringMatching(/^assessment\.json: is under another checkpoint: 22 records, root 00/),
    ]);
    const more = await brokenBy({
      assessment: (a) => ({ ...a, records: [...(a["records"] as object[]), { id: 99, leaf: "" }] }),
    });
    expect(more).toEqual(["r99: assessment.json cites it, proofs.json does not prove it"]);
  });
});

describe("packs that follow each other", () => {
  const october = sealedPack({ key, ledger: memoryLedger(13), name: "riverbank-2026-10" });
  const november = async (options: SealOptions = {}): Promise<SealedPack> =>
    sealedPack({
      key,
      earlier: [await october],
      name: "riverbank-2026-11",
      issuedAt: "2026-12-02T09:00:00Z",
      ...options,
    });
  const between = async (newer: SealedPack): Promise<readonly string[]> =>
    continuity(await verified(newer), await verified(await october)).map(({ outcome, text }) => `${outcome}: ${text}`);

  it("hold: the newer names the older and its ledger continues", async () => {
    const pack = await november();
    expect(brokenOf(await verified(pack))).toEqual([]);
    expect(await between(pack)).toEqual([
      expect.stringMatching(/^holds: the ledger of 21 records continues the one of 13/),
      expect.stringMatching(/^holds: riverbank-2026-11 names riverbank-2026-10 as issued before it/),
      "holds: both are signed with the same key",
    ]);
  });

  it("of the same checkpoint are the same", async () => {
    const pack = await october;
    expect((await between(pack))[0]).toBe("holds: both are under the same checkpoint of 13 records");
  });

  it("are rolled back where the newer has fewer records (54)", async () => {
    const pack = await sealedPack({ key, ledger: memoryLedger(9), name: "riverbank-2026-11" });
    expect(brokenOf(await verified(pack))).toEqual([]);
    expect((await between(pack))[0]).toMatch(
      /^broken: the ledger was rolled back or cut: riverbank-2026-11 is under 9 records/,
    );
  });

  it("are broken where an old record was rewritten and all signed again with the real key (54)", async () => {
    const pack = await november({ ledger: rewritten(21) });
    expect(brokenOf(await verified(pack))).toEqual([
      expect.stringMatching(/^earlier pack riverbank-2026-10: the checkpoint is not shown to continue/),
    ]);
    expect((await between(pack))[0]).toMatch(/^broken: /);
  });

  it("are broken where the rewritten ledger keeps silent about the older pack (54)", async () => {
    const pack = await november({ ledger: rewritten(21), earlier: [] });
    expect(brokenOf(await verified(pack))).toEqual([]);
    expect((await between(pack))[0]).toMatch(
      /^broken: riverbank-2026-11 must name riverbank-2026-10, issued 2026-11-03/,
    );
  });

  it("raise a fork alarm where two checkpoints of one size have other roots (55)", async () => {
    const pack = await sealedPack({ key, ledger: rewritten(13), name: "riverbank-2026-11" });
    expect((await between(pack))[0]).toMatch(/^broken: FORK: two checkpoints of 13 records with other roots/);
  });

  it("raise a fork alarm where the newer continues another version of the older (54, 55)", async () => {
    const other = await sealedPack({ key, ledger: rewritten(13), name: "riverbank-2026-10" });
    const pack = await november({ ledger: rewritten(21), earlier: [other] });
    expect(brokenOf(await verified(pack))).toEqual([]);
    expect((await between(pack))[0]).toMatch(/^broken: FORK: at 13 records riverbank-2026-10 has the root/);
  });

  it("are of two ledgers where the origins differ", async () => {
    const pack = await sealedPack({ key: fixtureKey("flowproof/other"), name: "riverbank-2026-11" });
    expect((await between(pack))[0]).toMatch(
      /^broken: .* is of the ledger flowproof\/other, .* of flowproof\/riverbank/,
    );
  });

  it("say so where the key is another", async () => {
    const pack = await november({ key: fixtureKey() });
    expect((await between(pack)).at(-1)).toMatch(/^unchecked: .* is signed with another key/);
    expect((await verified(pack)).checks).toContainEqual(
      expect.objectContaining({
        outcome: "unchecked",
        text: expect.stringMatching(/checkpoint of riverbank-2026-10 was signed with another key/),
      }),
    );
  });

  it("are broken where the content manifest names another pack before it than the proofs", async () => {
    const pack = await november({
      lies: { content: (c) => ({ ...c, predicate: { ...c.predicate, previous: null } }) },
    });
    expect(brokenOf(await verified(pack))).toContain(
      "earlier packs: the pack before this one is another in the content manifest than in proofs.json",
    );
  });

  it("show nothing of each other where one of them is broken or has no checkpoint", async () => {
    const pack = await november({ lies: { records: (all) => all.slice(1) } });
    expect((await between(pack)).at(-1)).toBe("unchecked: one of the two packs is broken, so continuity shows nothing");
    const bare = { kind: "folder", name: "x", checks: [] } as const;
    expect(continuity(bare, bare)).toEqual([expect.objectContaining({ outcome: "unchecked" })]);
  });

  it("are compared the other way round where the one given as older was issued later", async () => {
    const [older, newer] = await Promise.all([await october, await november()].map(verified));
    const checks = continuity(older as Verification, newer as Verification);
    expect(checks[0]?.text).toMatch(/was issued before .* compared the other way round/);
    expect(checks.map(({ outcome }) => outcome)).not.toContain("broken");
  });

  it("are compared by their pages alone as far as these go", async () => {
    const pages = await Promise.all(
      [await november(), await october].map((pack) =>
        verifyPath(join(writeFiles(join(folder(), pack.name), pack.files), packFile.html)),
      ),
    );
    const [newer, older] = pages as [Verification, Verification];
    expect(continuity(newer, older)[0]).toMatchObject({ outcome: "unchecked" });
    expect(continuity(older, newer)[0]).toMatchObject({
      outcome: "broken",
      text: expect.stringMatching(/rolled back or cut/),
    });
  });
});

type Leaf = Proofs["records"]["leaves"][number];
const zero = Buffer.alloc(32).toString("base64");

const withProof = (proofs: Proofs, proof: readonly string[]): Proofs => ({
  ...proofs,
  records: { ...proofs.records, proof },
});

const withLeaves = (proofs: Proofs, alter: (leaves: readonly Leaf[]) => readonly Leaf[]): Proofs => ({
  ...proofs,
  records: { ...proofs.records, leaves: alter(proofs.records.leaves) },
});

const withLeaf = (proofs: Proofs, of: number, other: string): Proofs =>
  withLeaves(proofs, (leaves) => leaves.map(([id, at, leaf]) => [id, at, id === of ? other : leaf]));

function swapLeaves(leaves: readonly Leaf[]): readonly Leaf[] {
  const [first, second] = leaves as [Leaf, Leaf];
  return [[first[0], first[1], second[2]], [second[0], second[1], first[2]], ...leaves.slice(2)];
}

/** The ledger in which the sixth record says something else; every leaf and root made anew. */
const rewritten = (size: number): MemoryLedger =>
  memoryLedger(size).map((record) => (record.position === 5 ? recordOf(5, "00", '"rewritten"') : record));
