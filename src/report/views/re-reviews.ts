import type { ReReview } from "../../model/assessment/re-reviews.ts";
import { itemAnchor } from "../anchors.ts";
import { counted, number, sentence, words } from "../format.ts";
import { reReviewResults, reReviewStand } from "../labels.ts";
import type { Pack } from "../pack.ts";

/** Samples of changes that somebody without a part in them looked at again: what was drawn, and what they said. */
export function reReviewsView(pack: Pack) {
  const { reReviews = [] } = pack.result;
  return { any: reReviews.length > 0, samples: reReviews.map((one) => sampleView(pack, one)) };
}

function sampleView(pack: Pack, { period, drawnAt, seed, population, digest, record, items }: ReReview) {
  const said = items.flatMap(({ review }) => review ?? []);
  const differed = said.filter(({ agreed }) => !agreed).length;
  return {
    period,
    summary: `${counted(items.length, "change")} of ${number(population)}, drawn ${pack.time.long(drawnAt)}.`,
    result:
      said.length === 0
        ? "Nothing is recorded of what was found."
        : `${sentence(words(said.length))} ${said.length === 1 ? "was" : "were"} looked at again: ${differed === said.length ? "none" : differed === 0 ? "all" : words(said.length - differed)} agreed${differed === 0 ? "" : `, ${words(differed)} not`}. ${items.length === said.length ? "None is open." : `${sentence(words(items.length - said.length))} open.`}`,
    seed,
    digest: digest.slice(0, 16),
    records: pack.records([record]),
    rows: items.map((item) => row(pack, item)),
  };
}

const tones = { agreed: "flow", differed: "leak", open: "still" } as const;

function row(pack: Pack, item: ReReview["items"][number]) {
  const { key, system, label, title, url, review } = item;
  const stand = reReviewStand(item);
  const known = pack.itemOf(system, key) !== undefined;
  return {
    anchor: known ? itemAnchor(key) : null,
    url,
    name: `${system} ${label}`,
    title,
    reviewer: review?.reviewer ?? "",
    on: review?.on ?? "",
    result: reReviewResults[stand],
    tone: tones[stand],
    note: review?.note ?? "",
    doubt:
      review?.doubt == null
        ? ""
        : `Whether the reviewer had a part in it cannot be ruled out: ${pack.time.inText(review.doubt)}.`,
    earlier:
      review === null || review.earlier === 0
        ? ""
        : `It said otherwise before; the ledger holds ${counted(review.earlier, "earlier word")}.`,
    records: pack.records(review === null ? [] : [review.record]),
  };
}
