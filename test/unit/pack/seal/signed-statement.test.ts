import { describe, expect, it } from "vitest";
import { preAuthEncoding, readEnvelope } from "../../../../src/ledger/dsse.ts";
import { fingerprint, newSigningKey, signingKey, verifyEd25519 } from "../../../../src/ledger/signing-key.ts";
import { payloadType } from "../../../../src/pack/formats.ts";
import { proofsJson, proofsOf } from "../../../../src/pack/seal/proofs.ts";
import { signedStatement } from "../../../../src/pack/seal/signed-statement.ts";
import { sumsOf } from "../../../../src/pack/seal/sums.ts";

const key = signingKey(newSigningKey(), "flowproof/riverbank");
const digests = new Map([
  ["b.csv", "2".repeat(64)],
  ["a.json", "1".repeat(64)],
]);

describe("what a pack's signatures are over", () => {
  it("is the statement's own bytes, in an envelope and alone", () => {
    const { text, envelope, signature } = signedStatement(key, digests, "https://flowproof.example/x", { version: 1 });
    const read = readEnvelope(envelope);
    expect(Buffer.from(read?.payload ?? []).toString()).toBe(text);
    expect(read?.signatures).toMatchObject([{ keyid: fingerprint(key.publicKey) }]);
    expect(Buffer.from(read?.signatures[0]?.sig ?? []).equals(Buffer.from(signature))).toBe(true);
    expect(verifyEd25519(key.publicKey, preAuthEncoding(payloadType, Buffer.from(text)), signature)).toBe(true);
    expect(JSON.parse(text).subject.map(({ name }: { name: string }) => name)).toEqual(["a.json", "b.csv"]);
  });

  it("is listed as sha256sum reads it, sorted", () => {
    expect(sumsOf(digests)).toBe(`${"1".repeat(64)}  a.json\n${"2".repeat(64)}  b.csv\n`);
  });
});

it("proofs.json gives each earlier pack its own proof of continuity, and stays JSON", () => {
  const checkpoint = { size: 9, root: "c".repeat(64), at: "2026-11-03T03:00:00Z", note: "a note" };
  const older = { size: 5, root: "d".repeat(64), at: "2026-10-03T03:00:00Z", note: "an older note" };
  const proofs = proofsOf(
    checkpoint,
    { token: null, reason: "No timestamp authority is configured." },
    [{ pack: "riverbank-2026-09", manifest: "e".repeat(64), checkpoint: older }],
    {
      leaves: [{ id: 12, position: 3, leaf: new Uint8Array(32).fill(255) }],
      proof: [new Uint8Array(32)],
      consistency: new Map([[5, [new Uint8Array(32).fill(1)]]]),
    },
  );
  expect(proofs.records.leaves).toEqual([[12, 3, "f".repeat(64)]]);
  expect(proofs.earlier[0]?.consistency).toEqual([Buffer.alloc(32, 1).toString("base64")]);
  expect(JSON.parse(proofsJson(proofs))).toEqual(JSON.parse(JSON.stringify(proofs)));
});
