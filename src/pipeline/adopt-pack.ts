import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fingerprint, type SigningKey } from "../ledger/signing-key.ts";
import { type AssessmentResult, assessmentResultSchema } from "../model/assessment.ts";
import { type ContentPredicate, packFile, type Statement } from "../pack/formats.ts";
import { indexFile } from "../pack/seal/bundle.ts";
import { verifyPath } from "../pack/verify/index.ts";
import { digestsOf } from "../pack/verify/pack-files.ts";
import { zipFiles } from "../pack/verify/zip-files.ts";
import type { Store } from "../store/index.ts";
import { IntegrityError } from "../util/errors.ts";
import { sha256Hex } from "../util/hash.ts";
import { differencesFrom, figuresOf } from "./pack-differences.ts";
import type { IssuedPack, PackRecord } from "./pack-records.ts";
import { latestRevision } from "./pack-source.ts";
import { type RecordedPack, recordPack } from "./record-pack.ts";
import type { PipelineContext } from "./types.ts";

/** An issued pack that the ledger knows only now. */
interface AdoptedPack {
  readonly pack: PackRecord;
  readonly recorded: RecordedPack;
}

/** Records an issued pack whose folder is there and whose record is not: writing it ended before the ledger knew. Throws IntegrityError where it is not whole, not signed by this key or not of this ledger. */
export async function adoptPack(
  ctx: PipelineContext,
  store: Store,
  issued: readonly IssuedPack[],
  directory: string,
  key: SigningKey,
): Promise<AdoptedPack> {
  ctx.progress("verifying the pack that is there");
  const keyPrint = fingerprint(key.publicKey);
  const { content, manifest, checks } = await verifyPath(directory, { key: keyPrint });
  const broken = checks.filter(({ outcome }) => outcome === "broken");
  const refuse = (why: string): IntegrityError =>
    new IntegrityError(`${directory} holds an issued pack that the ledger does not know: ${why}`, {
      hint: `\`flowproof verify ${directory}\` says more. Move it away, render the draft again, and issue that.`,
    });
  if (broken.length > 0) throw refuse(broken.map(({ subject, text }) => `${subject} ${text}`).join("; "));
  if (!content || manifest === undefined) throw refuse("its manifest cannot be read");
  const { checkpoint } = content.predicate;
  const own = (await store.checkpoints()).some(
    ({ size, root }) => size === checkpoint.size && root === checkpoint.root,
  );
  if (!own) throw refuse("its checkpoint is not one of this ledger");
  const assessment = await readFile(join(directory, packFile.assessment), "utf8");
  const result = assessmentResultSchema.parse(JSON.parse(assessment));
  const index = await indexIn(join(directory, packFile.bundle));
  const pack = recordOf(
    ctx,
    content,
    { manifest, result, assessment, index },
    await readFile(join(directory, packFile.content)),
  );
  const before = latestRevision(issued, pack.period.id, pack.edition);
  const record = { ...pack, differences: before ? differencesFrom(before, pack, result) : [] };
  return { pack: record, recorded: await recordPack(ctx, store, record, result) };
}

interface Parts {
  readonly manifest: string;
  readonly result: AssessmentResult;
  readonly assessment: string;
  readonly index: string | null;
}

function recordOf(
  { config }: PipelineContext,
  { predicate }: Statement<ContentPredicate>,
  { manifest, result, assessment, index }: Parts,
  content: Uint8Array,
): Omit<PackRecord, "differences"> {
  const { pack, period, checkpoint, issued, previous, tool } = predicate;
  const { id, from, to, asOf, cutAt } = period;
  return {
    version: 1,
    name: pack.name,
    revision: pack.revision,
    edition: pack.edition,
    period: { id, from, to, asOf, cutAt },
    checkpoint,
    manifest,
    content: sha256Hex(content),
    assessment: sha256Hex(assessment),
    issued,
    supersedes: pack.supersedes,
    previous,
    figures: figuresOf(result),
    configuration: config.digest,
    index,
    tool,
  };
}

/** SHA-256 of the index of requests in a bundle. */
async function indexIn(bundle: string): Promise<string | null> {
  const files = await zipFiles(bundle);
  try {
    const found = files.names.includes(indexFile) ? await digestsOf(files).of(indexFile) : undefined;
    return found && "sha256" in found ? found.sha256 : null;
  } finally {
    await files.close();
  }
}
