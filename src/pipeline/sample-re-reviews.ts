import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AssessmentResult, Item } from "../model/assessment.ts";
import type { ChangeDossier } from "../model/dossier.ts";
import { identityMap } from "../model/identity.ts";
import { populationItems, type StrataKind } from "../model/sample.ts";
import { loadDossiers } from "../store/dossiers/index.ts";
import type { Store } from "../store/index.ts";
import { canonicalJson } from "../util/canonical-json.ts";
import { instant } from "../util/clock.ts";
import { ConfigError } from "../util/errors.ts";
import { makeFolder } from "../util/make-folder.ts";
import { accountPins, accountSightings } from "./account-pins.ts";
import { configurationStream } from "./configuration-record.ts";
import { automationIn, independenceOf, type Known } from "./independence.ts";
import { withStore } from "./open.ts";
import { recordOwn } from "./own-records.ts";
import { readReReviewForm, reReviewForm } from "./re-review-form.ts";
import {
  type Recorded,
  type ReReviewLog,
  type ReReviewSample,
  type ReReviewWord,
  recordedReReviews,
  reReviewStream,
} from "./re-review-records.ts";
import { drawFromStore, type SampleSize, type TakenSample } from "./sample.ts";
import { fixPopulation, type PopulationRequest } from "./sample-population.ts";
import { resolveScope } from "./scope.ts";
import type { PipelineContext } from "./types.ts";

/** A sample for a re-review; without a seed, the ledger's root after the population was fixed, which nobody chooses. */
export interface ReReviewRequest extends PopulationRequest {
  readonly size?: SampleSize;
  readonly seed?: string;
  readonly by: StrataKind | null;
}

/** What drawing one came to. */
export interface DrawnReReview {
  readonly taken: TakenSample;
  /** Where it had been drawn before: the sample that stands; null otherwise. */
  readonly before: { readonly at: string; readonly record: number } | null;
  readonly form: { readonly path: string; readonly written: boolean };
}

/** Draws a period's sample for a re-review once, records it, and writes the form unless there is one. */
export async function drawReReview(ctx: PipelineContext, request: ReReviewRequest): Promise<DrawnReReview> {
  const { period } = request;
  const before = await sampleOf(ctx, period.id);
  const standing = before ?? (await drawAndRecord(ctx, request));
  const taken = await again(ctx, request, standing);
  const { result } = taken.source;
  const path = join(ctx.config.reports, `re-review-${period.id}.yaml`);
  const items = populationItems(result, "changes");
  const form = reReviewForm(
    { slug: result.organisation.slug, period: period.id, record: standing.record },
    standing.keys.flatMap((key): Item[] => items.get(key)?.slice(0, 1) ?? []),
  );
  return {
    taken,
    before: before ? { at: before.at, record: before.record } : null,
    form: { path, written: writeNew(path, form) },
  };
}

const sampleOf = (ctx: PipelineContext, period: string): Promise<Recorded<ReReviewSample> | undefined> =>
  withStore(ctx, { write: false }, async (store) =>
    (await recordedReReviews(store, ctx.config)).samples.find(({ period: { id } }) => id === period),
  );

/** A re-review looks at these many changes unless another size is asked for. */
const usual: SampleSize = {
  size: 5,
  reason: "Five in each period, the size of a re-review unless another is asked for.",
};

async function drawAndRecord(ctx: PipelineContext, request: ReReviewRequest): Promise<Recorded<ReReviewSample>> {
  const { period, by } = request;
  const { fixed } = await fixPopulation(ctx, request);
  const root = await withStore(ctx, { write: false }, async (store) => (await store.checkpoint())?.root);
  const seed = request.seed ?? root ?? "";
  const { size, reason } = request.size ?? usual;
  const { sample } = await drawFromStore(ctx, { ...request, digest: fixed.digest }, { seed, size, reason, by });
  const body: ReReviewSample = {
    version: 1,
    period: fixed.period,
    seed,
    population: fixed.size,
    digest: fixed.digest,
    fixed: fixed.record,
    by,
    reason,
    size,
    keys: [...new Set(sample.items.map(({ key }) => key))],
  };
  await withStore(ctx, { write: true }, async (store) => {
    await store.lock("sample");
    const record = { kind: "reReviewSample", externalId: period.id, body };
    await recordOwn(ctx, store, { stream: reReviewStream, command: "sample", records: [record] });
  });
  const recorded = await sampleOf(ctx, period.id);
  if (!recorded) throw new Error("the sample that was recorded is not there");
  return recorded;
}

const again = (
  ctx: PipelineContext,
  { asOf: _, ...request }: ReReviewRequest,
  { seed, size, reason, by, digest }: ReReviewSample,
): Promise<TakenSample> => drawFromStore(ctx, { ...request, digest }, { seed, size, reason, by });

function writeNew(path: string, text: string): boolean {
  makeFolder(dirname(path));
  try {
    writeFileSync(path, text, { flag: "wx" });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new ConfigError(`${path} cannot be written: ${(cause as Error).message}`, { cause });
  }
}

/** What recording a form came to. */
export interface RecordedReReviews {
  readonly period: string;
  readonly recorded: number;
  /** Filled in as they were recorded before. */
  readonly standing: number;
  /** Filled in with `agreed: false`. */
  readonly differed: number;
  /** Keys of changes that nobody filled in. */
  readonly open: readonly string[];
}

/** Puts a filled form into the ledger. All that is filled in must be right: throws ConfigError, naming each change and the reason, where a reviewer is no person known, had a part in the change, or what is said of it cannot be. */
export async function recordReReviews(ctx: PipelineContext, file: string): Promise<RecordedReReviews> {
  const form = readReReviewForm(file);
  if (form.organisation !== ctx.config.organisation.slug)
    throw new ConfigError(`${file} is of ${form.organisation}, and not of ${ctx.config.organisation.slug}`);
  return withStore(ctx, { write: true }, async (store) => {
    await store.lock("sample");
    const log = await recordedReReviews(store, ctx.config);
    const sample = log.samples.find(({ record, period }) => `r${record}` === form.sample && period.id === form.period);
    if (!sample)
      throw new ConfigError(`${file}: no sample for a re-review of ${form.period} is recorded as ${form.sample}`, {
        hint: `flowproof sample --period ${form.period} --internal draws one.`,
      });
    const { changes, known } = await evidenceOf(ctx, store, sample.period);
    const today = instant(ctx.clock()).slice(0, 10);
    const problems: string[] = [];
    const words: ReReviewWord[] = [];
    const open: string[] = [];
    const twice = new Set<string>();
    for (const review of form.reviews) {
      const problem = twice.has(review.change)
        ? "it stands twice in the form"
        : sample.keys.includes(review.change)
          ? undefined
          : "it is not in the sample";
      twice.add(review.change);
      if (problem === undefined && [review.reviewer, review.on, review.agreed].every((one) => one === null)) {
        open.push(review.change);
        continue;
      }
      const dossier = changes.get(review.change);
      const word = problem ?? wordOf(review, { sample: sample.record, today, dossier, known });
      if (typeof word === "string") problems.push(`${review.change}: ${word}`);
      else words.push(word);
    }
    open.push(...sample.keys.filter((key) => !twice.has(key)));
    if (problems.length > 0)
      throw new ConfigError(`nothing was recorded:\n${problems.join("\n")}`, {
        hint: "Who re-reviews a change is a person who neither contributed to it nor approved it.",
      });
    const fresh = words.filter((word) => !stands(word, log));
    if (fresh.length > 0)
      await recordOwn(ctx, store, {
        stream: reReviewStream,
        command: "sample",
        records: fresh.map((body) => ({ kind: "reReview", externalId: `${body.sample} ${body.change}`, body })),
      });
    return {
      period: form.period,
      recorded: fresh.length,
      standing: words.length - fresh.length,
      differed: words.filter(({ agreed }) => !agreed).length,
      open,
    };
  });
}

/** Whether the ledger's last word on a change is the same. */
function stands(word: ReReviewWord, { words }: ReReviewLog): boolean {
  const last = words.findLast(({ sample, change }) => sample === word.sample && change === word.change);
  if (!last) return false;
  const { record: _, at: __, ...said } = last;
  return canonicalJson(said) === canonicalJson(word);
}

type Review = ReturnType<typeof readReReviewForm>["reviews"][number];

/** What is recorded of a filled entry, or why it is not. */
function wordOf(
  { change, reviewer, on, agreed, note }: Review,
  beside: {
    readonly sample: number;
    readonly today: string;
    readonly dossier: ChangeDossier | undefined;
    readonly known: Known;
  },
): ReReviewWord | string {
  const { sample, today, dossier, known } = beside;
  if (reviewer === null || on === null || agreed === null) return "reviewer, on and agreed are filled in together";
  if (!dossier) return "the evidence no longer holds it";
  if (on > today) return `${on} lies ahead`;
  if (on < dossier.change.mergedAt.slice(0, 10))
    return `it merged on ${dossier.change.mergedAt.slice(0, 10)}, after ${on}`;
  if (!agreed && note.trim() === "") return "not agreed, and the note does not say what differed";
  const independence = independenceOf(dossier, reviewer, known);
  if ("refused" in independence) return independence.refused;
  const { person, doubt } = independence;
  return { version: 1, sample, change, reviewer: person, on, agreed, note: note.trim(), doubt };
}

/** The changes of a period by key, by all evidence that is there, and who is known by it. */
async function evidenceOf(
  { config }: PipelineContext,
  store: Store,
  { from, to }: Pick<AssessmentResult["period"], "from" | "to">,
): Promise<{ readonly changes: ReadonlyMap<string, ChangeDossier>; readonly known: Known }> {
  const recorded = await store.recordsOfStream(configurationStream(config));
  const accounts = await accountSightings(store, recorded);
  const { repositories } = await resolveScope(config, store);
  const { changes } = await loadDossiers(store, {
    repositories,
    from,
    to,
    asOf: (await store.checkpoint())?.at ?? to,
    identities: identityMap(config.identities, accountPins(accounts, config.identities)),
  });
  return {
    changes: new Map(changes.map((dossier) => [dossier.key, dossier])),
    known: { identities: config.identities, accounts, automation: automationIn(changes) },
  };
}
