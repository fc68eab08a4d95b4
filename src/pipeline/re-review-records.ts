import { z } from "zod";
import type { Config } from "../config/config.ts";
import type { ReReview } from "../model/assessment/re-reviews.ts";
import type { AssessmentResult, Item } from "../model/assessment.ts";
import type { EvidenceRecord } from "../model/stream.ts";
import type { Store } from "../store/index.ts";
import { IntegrityError } from "../util/errors.ts";
import { ownStream } from "./own-records.ts";

/** The last part of the name of the stream that re-reviews are in. */
export const reReviewStream = "re-reviews";

const sampleSchema = z.object({
  version: z.literal(1),
  period: z.object({ id: z.string(), from: z.string(), to: z.string(), asOf: z.string() }),
  seed: z.string(),
  population: z.number(),
  digest: z.string(),
  /** The record in which the population was fixed. */
  fixed: z.number(),
  by: z.enum(["team", "system", "class"]).nullable(),
  reason: z.string(),
  size: z.number(),
  /** In the order of the draw. */
  keys: z.array(z.string()),
});

const reviewSchema = z.object({
  version: z.literal(1),
  /** The record of the sample. */
  sample: z.number(),
  change: z.string(),
  reviewer: z.string(),
  on: z.string(),
  agreed: z.boolean(),
  note: z.string(),
  doubt: z.string().nullable(),
});

/** A sample drawn for a re-review, as the ledger has it. */
export type ReReviewSample = z.infer<typeof sampleSchema>;
/** What one person said of one change. */
export type ReReviewWord = z.infer<typeof reviewSchema>;

/** As it was recorded. */
export type Recorded<T> = T & { readonly record: number; readonly at: string };

/** The samples drawn for re-reviews and what was said of their changes, oldest first, as far as the store's cut-off shows. Throws IntegrityError for a record that is neither. */
export async function recordedReReviews(
  store: Pick<Store, "recordsOfStream">,
  config: Pick<Config, "organisation">,
): Promise<ReReviewLog> {
  const records = await store.recordsOfStream(ownStream(config, reReviewStream));
  const of = <T>(kind: string, schema: z.ZodType<T>): Recorded<T>[] =>
    records.filter((record) => record.kind === kind).map((record) => read(schema, record));
  return { samples: of("reReviewSample", sampleSchema), words: of("reReview", reviewSchema) };
}

/** What was recorded of re-reviews. */
export interface ReReviewLog {
  readonly samples: readonly Recorded<ReReviewSample>[];
  readonly words: readonly Recorded<ReReviewWord>[];
}

/** The re-reviews of every period that lies within an assessment's, by period; nothing where none was drawn. */
export function reReviewsOf(
  { samples, words }: ReReviewLog,
  { period, population }: Pick<AssessmentResult, "period" | "population">,
): Pick<AssessmentResult, "reReviews"> {
  const within = samples.filter(({ period: own }) => period.from <= own.from && own.to <= period.to);
  if (within.length === 0) return {};
  const items = new Map(population.filter(({ subject }) => subject === "change").map((item) => [item.key, item]));
  const reReviews = within
    .toSorted((a, b) => (a.period.from < b.period.from ? -1 : 1))
    .map(
      (sample): ReReview => ({
        period: sample.period.id,
        drawnAt: sample.at,
        seed: sample.seed,
        population: sample.population,
        digest: sample.digest,
        record: sample.record,
        // An organisation's part shows its own changes only.
        items: sample.keys.flatMap((key) => {
          const item = items.get(key);
          return item
            ? [
                reviewed(
                  item,
                  words.filter((word) => word.sample === sample.record && word.change === key),
                ),
              ]
            : [];
        }),
      }),
    );
  return { reReviews };
}

function reviewed(item: Item, words: readonly Recorded<ReReviewWord>[]): ReReview["items"][number] {
  const { key, system, label, title, url } = item;
  const last = words.at(-1);
  if (!last) return { key, system, label, title, url, review: null };
  const { reviewer, on, agreed, note, doubt, record, at } = last;
  const review = { reviewer, on, agreed, note, doubt, recordedAt: at, record, earlier: words.length - 1 };
  return { key, system, label, title, url, review };
}

function read<T>(schema: z.ZodType<T>, { id, body, fetchedAt }: EvidenceRecord): Recorded<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ...parsed.data, record: id, at: fetchedAt };
  throw new IntegrityError(`record r${id} is not what flowproof writes of a re-review`, { cause: parsed.error });
}
