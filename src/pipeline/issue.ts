import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, type SigningKey } from "../ledger/signing-key.ts";
import type { AssessmentResult, PartPack } from "../model/assessment.ts";
import { type BundledRecord, packFile } from "../pack/formats.ts";
import { type LedgerProof, proofsOf, recordsProof } from "../pack/seal/proofs.ts";
import { sealPack } from "../pack/seal/seal-pack.ts";
import { checkReplaceable } from "../pack/write-pack.ts";
import { documentFacts, type IssueView, packTitle, redaction, renderReport, sortedJson } from "../report/index.ts";
import type { Store } from "../store/index.ts";
import { instant } from "../util/clock.ts";
import { ConfigError } from "../util/errors.ts";
import { sha256Hex } from "../util/hash.ts";
import type { Period } from "../util/period.ts";
import { adoptPack } from "./adopt-pack.ts";
import { attachmentsOf } from "./attest-files.ts";
import { stamped, statedTime } from "./checkpoint-time.ts";
import { deriveDraft } from "./derive-draft.ts";
import { earlierPacks, refuseRewritten, signedCheckpoint } from "./issuing-checkpoint.ts";
import { withStore } from "./open.ts";
import { differencesFrom, figuresOf } from "./pack-differences.ts";
import { packPredicate } from "./pack-predicate.ts";
import { type IssuedPack, issuedPacks, type PackRecord } from "./pack-records.ts";
import { type Edition, latestRevision, nextPack, sourceOf } from "./pack-source.ts";
import { certificateOf, pdfSigning } from "./pdf-signing.ts";
import { personalNames } from "./personal-names.ts";
import { type RecordedPack, recordPack } from "./record-pack.ts";
import { requestIndex } from "./request-index.ts";
import { signerOf } from "./signer.ts";
import type { TimestampOutcome } from "./timestamp.ts";
import type { PipelineContext } from "./types.ts";

/** What is to be issued, and who stands for it. */
export interface IssueRequest {
  /** The folder of the draft; absent: where the period's draft lies. */
  readonly directory?: string;
  readonly period: Period;
  readonly by: string;
  readonly role: string;
  /** A file with management's own words; absent: the wording of the assertion's page. */
  readonly statement?: string;
  /** A CSV file of the auditor's request numbers. */
  readonly requests?: string;
  readonly edition: Edition;
  /** Also where the period was not over, or not observed to its end. */
  readonly partial?: boolean;
}

/** What issuing came to: a new pack; one written before and recorded only now; or nothing, because nothing changed. */
export interface IssueSummary {
  readonly state: "issued" | "recorded" | "unchanged";
  readonly directory: string;
  readonly pack: PackRecord;
  /** Absent where nothing changed. */
  readonly recorded?: RecordedPack;
  /** Names in the folder, and pages of the PDF; only of a new pack. */
  readonly files?: readonly string[];
  readonly pages?: number;
  /** The packs of teams and systems that a new pack names: they lie beside it and are not issued. */
  readonly parts?: readonly PartPack[];
  /** The fingerprint of the key. */
  readonly key: string;
  readonly warnings: readonly string[];
}

/**
 * Turns a draft into an issued pack: derives it again from the store, seals and signs it, puts it under its name and
 * records it in the ledger. Throws ConfigError for a draft that was edited or is not what the store gives, and where
 * signing is not configured; IntegrityError where the ledger is not the one that issued the packs before; LockedError
 * while another writes.
 */
export async function issue(ctx: PipelineContext, request: IssueRequest): Promise<IssueSummary> {
  const key = signerOf(ctx.config);
  if (!key) {
    throw new ConfigError("packs are issued signed, and no signing key is configured", {
      hint: "Add `signing: { key: { file: flowproof.key } }` to the configuration; make the key with: openssl genpkey -algorithm ed25519 -out flowproof.key",
    });
  }
  const given = readGiven(request);
  return withStore(ctx, { write: true }, async (store) => {
    await store.lock("issue");
    const issued = await issuedPacks(store, ctx.config);
    await refuseRewritten(store, issued);
    const { directory, edition, period } = request;
    const source = await sourceOf(ctx, issued, {
      edition,
      period: period.id,
      ...(directory === undefined ? {} : { directory }),
    });
    if (source.state === "unrecorded") {
      const adopted = await adoptPack(ctx, store, issued, source.directory, key);
      return {
        state: "recorded",
        directory: source.directory,
        ...adopted,
        key: fingerprint(key.publicKey),
        warnings: [],
      };
    }
    const desk = { ctx, store, key, issued, request, given };
    const result = await deriveDraft(ctx, source);
    refusePartial(result, request);
    return issueResult(desk, result, source.assessment);
  });
}

interface Desk {
  readonly ctx: PipelineContext;
  readonly store: Store;
  readonly key: SigningKey;
  readonly issued: readonly IssuedPack[];
  readonly request: IssueRequest;
  readonly given: Given;
}

interface Given {
  readonly statement?: string;
  readonly requests?: string;
}

async function issueResult(desk: Desk, full: AssessmentResult, drafted: string): Promise<IssueSummary> {
  const { ctx, store, key, issued, request, given } = desk;
  const { edition, by, role } = request;
  const checkpoint = await signedCheckpoint(store, full);
  const { result, text } = await editionOf(desk, full);
  const next = nextPack(ctx, issued, full.period.id, edition);
  const before = latestRevision(issued, full.period.id, edition);
  const time = await stamped(ctx, store, checkpoint);
  const ids = result.records.map(({ id }) => id);
  const { listed, assertion: proposed } = documentFacts(result);
  const index =
    given.requests === undefined
      ? undefined
      : requestIndex({ path: request.requests ?? "", text: given.requests }, result, new Set(listed));
  const view: IssueView = {
    ...next,
    edition,
    // After its own evidence: what the ledger gains by issuing is no part of it.
    at: laterOf(instant(ctx.clock()), secondAfter(full.period.asOf)),
    by,
    role,
    ...(given.statement === undefined ? {} : { statement: given.statement }),
    fingerprint: fingerprint(key.publicKey),
    certificate: certificateOf(ctx),
    timestamp: time,
    supersedes: null,
    previous: null,
  };
  const assertion = given.statement ?? proposed;
  const earlier = earlierPacks(issued, checkpoint);
  const [latest] = earlier;
  const previous = latest ? { pack: latest.name, manifest: latest.manifest } : null;
  const { size, root, at, note } = checkpoint;
  const { id, from, to, asOf, cutAt } = full.period;
  const known = {
    version: 1 as const,
    name: next.name,
    revision: next.revision,
    edition,
    period: { id, from, to, asOf, cutAt },
    checkpoint: { size, root, at, note },
    assessment: sha256Hex(edition === "full" ? drafted : sortedJson(result)),
    issued: { at: view.at, by, role, assertion },
    supersedes: before?.name ?? null,
    previous,
    figures: figuresOf(full),
    configuration: ctx.config.digest,
    index: index === undefined ? null : sha256Hex(index),
    tool: `${full.tool.name} ${full.tool.version}`,
  };
  const differences = before ? differencesFrom(before, known, full) : [];
  if (before && differences.length === 0 && before.assessment === known.assessment) {
    const directory = join(ctx.config.reports, before.name);
    return { state: "unchanged", directory, pack: before, key: view.fingerprint, warnings: [] };
  }
  await checkReplaceable(next.directory);
  // Nobody replaced the names in them.
  const attachments = edition === "full" ? attachmentsOf(ctx.config, full) : new Map();
  ctx.signal.throwIfAborted();
  ctx.progress("proving the records");
  const proof = await store.proofOf(ids, { size, from: earlier.map((pack) => pack.checkpoint.size) });
  const pageProof: LedgerProof = await store.proofOf(listed, { size });
  ctx.progress("laying out the pack");
  const rendered = await renderReport(result, {
    ...view,
    previous,
    supersedes: before ? { name: before.name, differences: differences.map(text) } : null,
  });
  const pack = await sealPack(rendered, {
    directory: next.directory,
    title: packTitle(result),
    key,
    predicate: packPredicate(result, known, view.certificate?.fingerprint ?? null),
    proofs: proofsOf(
      known.checkpoint,
      statedTime(time),
      earlier.map(({ name, manifest, checkpoint: stated }) => ({ pack: name, manifest, checkpoint: stated })),
      proof,
    ),
    pageRecords: recordsProof(pageProof),
    records: edition === "full" ? store.evidence(ids) : leavesOf(proof),
    signal: ctx.signal,
    onProgress: ctx.progress,
    ...(index === undefined ? {} : { index }),
    attachments,
    ...(ctx.config.browser === undefined ? {} : { executablePath: ctx.config.browser }),
    ...pdfSigning(ctx, view),
  });
  const record: PackRecord = { ...known, differences, manifest: pack.manifest, content: pack.content };
  // From here on the pack is out: a signal may no more keep it from the ledger.
  const recorded = await recordPack(ctx, store, record, full);
  return {
    state: "issued",
    directory: pack.directory,
    pack: record,
    recorded,
    files: pack.files,
    pages: pack.pages,
    parts: (full.parts ?? []).filter(({ kind }) => kind !== "organisation"),
    key: view.fingerprint,
    warnings: warningsOf(view, time, recorded.time),
  };
}

function refusePartial({ period }: AssessmentResult, { partial = false }: IssueRequest): void {
  if (partial || period.cutAt === null) return;
  throw new ConfigError(`${period.id} is cut at ${period.cutAt}: it was not over, or not observed to its end`, {
    hint: "Collect and render it again once it is over; or issue what there is with --partial, which the pack says.",
  });
}

/** Of a redacted edition, that a record is there, and nothing of what it says. */
async function* leavesOf({ leaves }: LedgerProof): AsyncGenerator<BundledRecord> {
  for (const { id, position, leaf } of leaves) yield { id, position, leaf: Buffer.from(leaf).toString("hex") };
}

function warningsOf(view: IssueView, time: TimestampOutcome, recorded: TimestampOutcome): readonly string[] {
  return [
    ...(view.certificate === null
      ? [`${packFile.pdf} carries signed attachments but no signature of its own: no certificate is configured`]
      : []),
    ...("reason" in time ? [`nobody else says when this pack's checkpoint existed. ${time.reason}`] : []),
    ...("reason" in recorded && !("reason" in time)
      ? [`the checkpoint after issuing has no timestamp. ${recorded.reason}`]
      : []),
  ];
}

function readGiven({ statement, requests }: IssueRequest): Given {
  const read = (path: string): string => {
    try {
      return readFileSync(path, "utf8");
    } catch (cause) {
      throw new ConfigError(`${path} cannot be read: ${(cause as Error).message}`, { cause, hint: "Check the path." });
    }
  };
  const words = statement === undefined ? undefined : read(statement).trim();
  if (words === "") throw new ConfigError(`${statement} is empty: it says nothing that management asserts`);
  return {
    ...(words === undefined ? {} : { statement: words }),
    ...(requests === undefined ? {} : { requests: read(requests) }),
  };
}

const laterOf = (a: string, b: string): string => (a > b ? a : b);
const secondAfter = (at: string): string => instant(new Date(Date.parse(at) + 1000));

/** The result as the edition shows it, and what does the same to sentences beside it. */
async function editionOf(
  { ctx, store, request }: Desk,
  full: AssessmentResult,
): Promise<{ readonly result: AssessmentResult; readonly text: (sentence: string) => string }> {
  if (request.edition === "full") return { result: full, text: (sentence) => sentence };
  return redaction(full, await personalNames(store, ctx.config));
}
