import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { leafContent, leafHash } from "../src/ledger/leaf.ts";
import { merkleTree } from "../src/ledger/merkle-tree.ts";
import { type BundledRecord, type Proofs, packFile } from "../src/pack/formats.ts";
import { canonicalJson } from "../src/util/canonical-json.ts";
import { sha256, sha256Hex } from "../src/util/hash.ts";
import type { Figure } from "./figure.ts";
import type { Verifying } from "./verify-once.ts";
import type { Workbench } from "./workbench.ts";

const records = 100_000;
/** Two of three records of the ledger: as mixed as those of one period among all that were collected. */
const ledger = 150_000;

/** Raw SHA-256 of a bundle's records over verifying them: the digest and leaf of each, and one multi-proof up to the root. */
export async function verify(bench: Workbench): Promise<readonly Figure[]> {
  const folder = join(bench.folder, "verify");
  const bytes = writeRecords(folder);
  const { raw, proving, whole, growth } = JSON.parse(await bench.run("verify-once.ts", folder)) as Verifying;
  const seconds = (value: number) => `${value.toFixed(2)} s`;
  return [
    {
      name: "raw SHA-256 / digests, leaves and multi-proof",
      value: raw / proving,
      goal: { atLeast: 0.2 },
      note: `${seconds(raw)} / ${seconds(proving)}, ${records} records of ${Math.round(bytes / records)} bytes`,
    },
    {
      name: "raw SHA-256 / the whole, read and parsed",
      value: raw / whole,
      note: `${seconds(raw)} / ${seconds(whole)}`,
    },
    { name: "growth of memory at its most, reading included", value: growth, unit: "MB", goal: { atMost: 150 } },
  ];
}

/** Writes records and their proof as a bundle has them; how many bytes of salt and content they hold. */
function writeRecords(folder: string): number {
  mkdirSync(folder);
  const lines = Array.from({ length: ledger }, (_, position) => recordAt(position));
  const tree = merkleTree(
    sha256,
    lines.map(({ leaf }) => Buffer.from(leaf, "hex")),
  );
  const kept = lines.filter(({ position }) => position % 3 !== 0);
  const base64 = (hash: Uint8Array) => Buffer.from(hash).toString("base64");
  const root = Buffer.from(tree.root()).toString("hex");
  const proofs: Pick<Proofs, "checkpoint" | "records"> = {
    checkpoint: { size: ledger, root, at: "2026-11-01T00:00:00Z", note: "" },
    records: {
      leaves: kept.map(({ id, position, leaf }) => [id, position, leaf]),
      proof: tree.multiProof(kept.map(({ position }) => position)).map(base64),
    },
  };
  writeFileSync(join(folder, packFile.proofs), JSON.stringify(proofs));
  writeFileSync(join(folder, packFile.records), kept.map((record) => `${JSON.stringify(record)}\n`).join(""));
  return kept.reduce((sum, { salt = "", content = "" }) => sum + salt.length / 2 + Buffer.byteLength(content), 0);
}

function recordAt(position: number): BundledRecord {
  const salt = sha256(`salt ${position}`).subarray(0, 16);
  const content = canonicalJson({
    id: `PR_${position}`,
    title: `Change ${position}: the tariff table takes the new rates`,
    body: 'Why: the rates change with the quarter.\nHow it was tested: "both tables", by hand and in CI.\n'.repeat(7),
    author: { login: "ada-example", id: `U_${position % 50}` },
    mergedAt: "2026-10-14T09:30:00Z",
    head: sha256Hex(`head ${position}`).slice(0, 40),
  });
  const fields = {
    version: 1,
    stream: "github/R_4711/changes",
    kind: "change",
    externalId: `PR_${position}`,
    fetchedAt: "2026-10-31T23:59:59Z",
    run: "r-2026-10-31",
    digest: sha256Hex(salt, content),
  } as const;
  const leaf = Buffer.from(leafHash(sha256, leafContent(fields))).toString("hex");
  return { id: position + 1, position, leaf, fields, salt: salt.toString("hex"), content };
}
