import { attachmentFolder, type ContentPredicate, type Proofs, packFile, type Statement } from "../formats.ts";
import { readPageProof } from "../html/page-proof.ts";
import type { SealedHtml } from "../html/seal-html.ts";
import { assessmentChecks, citedLeaves } from "./assessment.ts";
import type { Check } from "./check.ts";
import { checkpointChecks, type LedgerState, sameCheckpoint } from "./checkpoint.ts";
import { earlierChecks } from "./earlier.ts";
import { broken, unchecked } from "./findings.ts";
import { htmlDigests, pageChecks } from "./html-part.ts";
import { type DigestedFiles, type Digests, firstOf, type PackFiles, readWhole } from "./pack-files.ts";
import { recordLinesChecks } from "./record-lines.ts";
import { multiProofChecks, type OtherLeaves } from "./records.ts";
import { readJson } from "./shape.ts";
import { contentStatement, proofs as proofsShape } from "./shapes.ts";
import { verifyStatement } from "./signed-statement.ts";
import { subjectChecks } from "./subjects.ts";
import { timestampChecks } from "./timestamp.ts";

/** The parts of a pack that the content manifest speaks of, as far as they lie here. */
export interface ContentParts {
  /** Where content manifest, assessment, tables and proofs lie. */
  readonly files: PackFiles;
  readonly digests: Digests;
  readonly key: Uint8Array;
  /** The bundle, of which the records are read. */
  readonly bundle?: DigestedFiles | undefined;
  readonly html?: SealedHtml | undefined;
  /** What need not lie here, and where it does. */
  readonly elsewhere: { readonly names: (name: string) => boolean; readonly where: string };
}

/** What the content manifest and all under it came to. */
export interface ContentResult {
  readonly checks: readonly Check[];
  readonly content?: Statement<ContentPredicate>;
  readonly proofs?: Proofs;
}

/** Checks the content manifest, what it lists, the checkpoint, the records, the earlier packs and the timestamp; never throws. */
export async function verifyContent(parts: ContentParts): Promise<ContentResult> {
  const { files, digests, key, bundle, html } = parts;
  const manifest = await contentManifest(files, key);
  const { statement } = manifest;
  const everywhere = firstOf(
    { of: async (name) => (html ? htmlDigests(html).get(name) : undefined) },
    digests,
    ...(bundle ? [{ of: async (name: string) => (onlyInBundle(name) ? bundle.digests.of(name) : undefined) }] : []),
  );
  const checks: Check[] = [...manifest.checks];
  if (statement) {
    checks.push(...(await subjectChecks(packFile.content, statement.subject, everywhere, parts.elsewhere)));
  }
  const ledger = await ledgerChecks(parts, statement?.predicate);
  checks.push(...ledger.checks);
  if (html) checks.push(...pageChecks(html, key, statement?.predicate.checkpoint ?? ledger.proofs?.checkpoint));
  return {
    checks,
    ...(statement ? { content: statement } : {}),
    ...(ledger.proofs ? { proofs: ledger.proofs } : {}),
  };
}

const onlyInBundle = (name: string): boolean => name === packFile.records || name.startsWith(attachmentFolder);

async function contentManifest(
  files: PackFiles,
  key: Uint8Array,
): Promise<ReturnType<typeof verifyStatement<ContentPredicate>>> {
  const envelope = await readWhole(files, packFile.contentEnvelope);
  if (envelope.problem !== undefined) return { checks: [broken(packFile.contentEnvelope, envelope.problem)] };
  const file = await readWhole(files, packFile.content);
  const signed = verifyStatement<ContentPredicate>({
    name: packFile.content,
    envelopeName: packFile.contentEnvelope,
    envelope: envelope.bytes,
    key,
    shape: contentStatement,
    ...(file.problem === undefined ? { file: file.bytes } : {}),
  });
  return file.problem === undefined
    ? signed
    : { ...signed, checks: [...signed.checks, broken(packFile.content, file.problem)] };
}

async function ledgerChecks(
  parts: ContentParts,
  content: ContentPredicate | undefined,
): Promise<{ readonly checks: readonly Check[]; readonly proofs?: Proofs }> {
  const { files, key } = parts;
  const file = await readWhole(files, packFile.proofs);
  if (file.problem !== undefined) return { checks: [broken(packFile.proofs, file.problem)] };
  const read = readJson<Proofs>(file.bytes, proofsShape);
  if (read.problem !== undefined) return { checks: [broken(packFile.proofs, `cannot be read: ${read.problem}`)] };
  const proofs = read.value;
  const expected = content?.checkpoint ?? proofs.checkpoint;
  const assessment = await assessmentChecks(files, expected, proofs.records);
  const records = await recordChecks(parts, proofs, expected);
  return {
    proofs,
    checks: [
      ...checkpointChecks(packFile.proofs, proofs.checkpoint, key),
      ...(content ? [sameNote(proofs, content)] : []),
      ...timestampChecks(proofs),
      ...earlierChecks(proofs, content, key),
      ...assessment,
      ...records,
    ],
  };
}

async function recordChecks(
  { files, bundle, html }: ContentParts,
  { records }: Proofs,
  checkpoint: LedgerState,
): Promise<readonly Check[]> {
  const lines = bundle?.files.names.includes(packFile.records)
    ? await recordLinesChecks(bundle.files.open(packFile.records), records)
    : {
        checks: [unchecked("records", `what they say: that lies in ${packFile.bundle}, as ${packFile.records}`)],
        otherLeaves: new Map<number, string>(),
      };
  const proven = multiProofChecks(packFile.proofs, records, checkpoint);
  if (proven.every(({ outcome }) => outcome === "holds")) return [...proven, ...lines.checks];
  // Only now is it worth reading who else states leaves.
  const others: readonly OtherLeaves[] = [
    { where: packFile.records, leaves: lines.otherLeaves },
    { where: packFile.assessment, leaves: await citedLeaves(files) },
    ...pageLeaves(html),
  ];
  return [...multiProofChecks(packFile.proofs, records, checkpoint, others), ...lines.checks];
}

function sameNote({ checkpoint }: Proofs, content: ContentPredicate): Check {
  return checkpoint.note === content.checkpoint.note
    ? sameCheckpoint(packFile.proofs, checkpoint, content.checkpoint)
    : broken(packFile.proofs, `its checkpoint's note is not the one in ${packFile.content}`);
}

function pageLeaves(html: SealedHtml | undefined): readonly OtherLeaves[] {
  const proof = html && readPageProof(html.proof);
  return proof
    ? [{ where: packFile.html, leaves: new Map(proof.records.leaves.map(([id, , leaf]) => [id, leaf])) }]
    : [];
}
