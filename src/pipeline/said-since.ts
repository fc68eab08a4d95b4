import type { AssessmentResult } from "../model/assessment.ts";
import { counted } from "../util/counted.ts";
import type { IssuedPack } from "./pack-records.ts";

type Said = Pick<AssessmentResult, "responses" | "attestations" | "waivers" | "reReviews">;

/** So many of a kind are named one by one. */
const mostNamed = 20;

/**
 * What persons said or accepted after the evidence of an issued pack ended, a sentence each: answers, attestations,
 * waivers and re-reviews. They change no outcome, so nothing else of a revision would tell of them.
 */
export function saidSince(
  before: Pick<IssuedPack, "period" | "configuration">,
  configuration: string,
  { responses = [], attestations = [], waivers, reReviews = [] }: Said,
): string[] {
  const isNew = (at: string | null | undefined): boolean => at != null && at > before.period.asOf;
  return [
    ...named(
      "answers",
      responses.flatMap((one) => answer(one, isNew)),
    ),
    ...named(
      "attestations",
      attestations.flatMap((one) => attestation(one, isNew)),
    ),
    // A waiver that was there all along may have been recorded only by a later run.
    ...named(
      "waivers",
      configuration === before.configuration ? [] : waivers.filter(({ firstSeen }) => isNew(firstSeen)).map(waiver),
    ),
    ...named(
      "samples looked at again",
      reReviews.flatMap((one) => reReview(one, isNew)),
    ),
  ];
}

const named = (what: string, told: readonly string[]): readonly string[] =>
  told.length <= mostNamed
    ? told
    : [...told.slice(0, mostNamed), `${told.length - mostNamed} more ${what} differ; both assessment.json show them.`];

type IsNew = (at: string | null | undefined) => boolean;

function answer(one: NonNullable<Said["responses"]>[number], isNew: IsNew): readonly string[] {
  const { id, disposition, covers, recordedAt, withdrawnAt, earlier = [] } = one;
  if (isNew(withdrawnAt)) return [`Answer ${id}: taken out of the organisation's files.`];
  if (!isNew(recordedAt)) return [];
  const then = earlier.findLast((version) => !isNew(version.recordedAt));
  const said = then && then.disposition !== disposition ? `${disposition}, was ${then.disposition}` : disposition;
  return [`Answer ${id} to ${counted(covers.length, "exception")}: ${then ? "changed, " : ""}${said}.`];
}

function attestation(one: NonNullable<Said["attestations"]>[number], isNew: IsNew): readonly string[] {
  const { id, sequence, title, recordedAt, withdrawn } = one;
  const name = `Attestation ${id}${sequence > 1 ? ` v${sequence}` : ""}, ${title}`;
  if (isNew(withdrawn?.at)) return [`${name}: withdrawn.`];
  return isNew(recordedAt) ? [`${name}: was not in it.`] : [];
}

const waiver = ({ id, attribute, used }: Said["waivers"][number]): string =>
  `Waiver ${id} of ${attribute}, which accepts ${counted(used, "failure")}: was not in it.`;

function reReview(one: NonNullable<Said["reReviews"]>[number], isNew: IsNew): readonly string[] {
  const { period, drawnAt, items } = one;
  const words = items.flatMap(({ review }) => (review && isNew(review.recordedAt) ? [review] : []));
  const told = `${counted(words.length, "change")} looked at again, ${words.filter(({ agreed }) => !agreed).length} not agreed`;
  if (isNew(drawnAt)) return [`Re-review of a sample of ${period}, drawn ${drawnAt}: was not in it; ${told}.`];
  return words.length > 0 ? [`Re-review of a sample of ${period}, drawn ${drawnAt}: ${told}.`] : [];
}
