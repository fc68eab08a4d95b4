import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { SigningKey } from "../../../../src/ledger/signing-key.ts";
import { verifyEd25519 } from "../../../../src/ledger/signing-key.ts";
import { checkPage, type PageCrypto, type PageParts } from "../../../../src/pack/html/check-page.ts";
import { lineOf } from "../../../../src/pack/html/line.ts";
import { newKey, provenReport, sealed } from "../../../fixtures/sealed-html.ts";

const crypto: PageCrypto = {
  digest: async (input) => createHash("sha256").update(input).digest(),
  verify: async (key, signature, message) => verifyEd25519(key, message, signature),
};
const key = newKey();
const report = provenReport();
const serialised = report.html.trimEnd().replace(/\n<\/html>$/, "</html>");
const rows = report.records.leaves.map(([id, , leaf]) => ({ id: `r${id}`, leaf: leaf.slice(0, 16) }));

type Alter = Parameters<typeof sealed>[4];

function partsOf(of = report, signer: SigningKey = key, alter?: Alter): PageParts & { readonly fingerprint: string } {
  const { content, proof, envelope, fingerprint } = sealed(serialised, of, "verify()", signer, alter);
  return { content, proof, envelope, rows, fingerprint };
}

const problemsOf = async (parts: PageParts): Promise<readonly string[]> => {
  const verdict = await checkPage(parts, crypto);
  return verdict.outcome === "broken" ? verdict.problems : [verdict.outcome];
};

describe("a sealed document", () => {
  it("holds, with what a reader compares", async () => {
    const parts = partsOf();
    expect(await checkPage(parts, crypto)).toMatchObject({
      outcome: "holds",
      fingerprint: parts.fingerprint,
      organisation: "Riverbank Ltd",
      records: rows.length,
      checkpoint: report.checkpoint,
    });
  });

  it("that lists no record holds too", async () => {
    const { html, checkpoint } = report;
    const root = Buffer.from(checkpoint.root, "hex").toString("base64");
    const parts = partsOf({ html, checkpoint, records: { leaves: [], proof: [root] } });
    expect(await problemsOf({ ...parts, rows: [] })).toEqual(["holds"]);
  });

  it("is unchecked where Ed25519 is not known, and altered where the content is", async () => {
    const parts = partsOf();
    const without: PageCrypto = { ...crypto, verify: async () => undefined };
    expect(await checkPage(parts, without)).toMatchObject({ outcome: "unchecked" });
    expect(await checkPage({ ...parts, content: `${parts.content} ` }, without)).toMatchObject({ outcome: "broken" });
  });

  it("names each record that is listed otherwise than it is proven", async () => {
    const parts = partsOf();
    const [first, second, ...rest] = rows;
    if (!first || !second) throw new Error("the fixture lists no records");
    expect(await problemsOf({ ...parts, rows: [{ ...first, leaf: "0".repeat(16) }, second, ...rest] })).toEqual([
      `record ${first.id} is listed with another leaf`,
    ]);
    expect(await problemsOf({ ...parts, rows: [{ ...first, leaf: "" }, second, ...rest] })).toEqual([
      `record ${first.id} is listed with another leaf`,
    ]);
    expect(await problemsOf({ ...parts, rows: [second, ...rest] })).toEqual([
      `record ${first.id} is proven but not listed`,
    ]);
    expect(await problemsOf({ ...parts, rows: [...rows, { id: "r99999", leaf: first.leaf }] })).toEqual([
      "record r99999 is not among those proven",
    ]);
    expect(await problemsOf({ ...parts, rows: [...rows, first] })).toEqual([`record ${first.id} is listed twice`]);
  });

  it("is broken where its records do not lead to the signed root, even if all of it is signed", async () => {
    const [[id, position, leaf] = [0, 0, ""], ...rest] = report.records.leaves;
    const moved = { ...report, records: { ...report.records, leaves: [[id, position + 1, leaf] as const, ...rest] } };
    expect(await problemsOf(partsOf(moved))).toEqual(["its records do not lead to the checkpoint's root"]);
    const cut = { ...report, records: { ...report.records, proof: report.records.proof.slice(1) } };
    expect(await problemsOf(partsOf(cut))).toEqual(["its records do not lead to the checkpoint's root"]);
  });

  it("is broken where the checkpoint is another than the signed one, or another key's", async () => {
    const other = partsOf({ ...report, checkpoint: { ...report.checkpoint, at: "2026-11-05T00:00:00Z" } });
    expect(await problemsOf({ ...partsOf(), proof: other.proof })).toEqual([
      "the proof of its records is not the one that was signed",
      "the checkpoint beside its records is not the one that was signed",
    ]);
    const theirs = partsOf(report, newKey());
    expect(await problemsOf({ ...partsOf(), proof: theirs.proof })).toEqual(
      expect.arrayContaining(["the signature is not one of this key over this content"]),
    );
    expect(await problemsOf({ ...partsOf(), envelope: theirs.envelope })).toEqual(
      expect.arrayContaining(["the signature is not one of this key over this content"]),
    );
  });

  it.each<[string, Alter, string]>([
    [
      "lists the content twice",
      (statement) => ({ ...statement, subject: [...statement.subject, ...statement.subject] }),
      "the content is not what was signed",
    ],
    [
      "lists no content",
      (statement) => ({ ...statement, subject: statement.subject.slice(1) }),
      "the content is not what was signed",
    ],
    [
      "is of another kind",
      (statement) => ({ ...statement, predicateType: "https://example.com/other" }),
      "the signature in it is not over the content of a pack",
    ],
    ["is no statement", () => [], "the signature in it is not over the content of a pack"],
  ])("is broken where what was signed %s", async (_what, alter, said) => {
    const [first] = await problemsOf(partsOf(report, key, alter));
    expect(first).toContain(said);
  });

  it.each([
    ["nothing", "", ""],
    ["no JSON", "{", "{"],
    ["JSON of something else", "null", '{"payload":1}'],
  ])("is broken, not an error, with blocks that hold %s", async (_what, proof, envelope) => {
    const parts = partsOf();
    expect(await problemsOf({ ...parts, proof })).toEqual(["the proof in it is not one of a pack"]);
    expect(await problemsOf({ ...parts, envelope })).toEqual(["the signature in it is not over the content of a pack"]);
  });
});

describe("the line", () => {
  const text = ({ lead, rest }: ReturnType<typeof lineOf>): string =>
    lead + rest.map((part) => (typeof part === "string" ? part : "code" in part ? part.code : part.name)).join("");

  it("says what holds, and of whom to ask what it cannot show", async () => {
    const parts = partsOf();
    const said = text(lineOf(await checkPage(parts, crypto)));
    expect(said).toBe(
      `This document's content is unaltered: signed by key ${parts.fingerprint.replace(/(.{8})(?=.)/g, "$1 ")}, ` +
        `${rows.length} records under checkpoint ${report.checkpoint.size} (${report.checkpoint.root.slice(0, 8)} ${report.checkpoint.root.slice(8, 16)}). ` +
        "This line cannot show that its own script was not exchanged: verify.mjs does. " +
        "Compare the fingerprint with what Riverbank Ltd told you.",
    );
  });

  it("names what broke, the first few of many", () => {
    const problems = Array.from({ length: 1204 }, (_, i) => `record r${i} is proven but not listed`);
    expect(text(lineOf({ outcome: "broken", problems }))).toBe(
      "Altered. Record r0 is proven but not listed; record r1 is proven but not listed; record r2 is proven but not " +
        "listed; record r3 is proven but not listed; and 1,200 more. Do not rely on this copy: ask for another, and run verify.mjs on it.",
    );
  });
});
