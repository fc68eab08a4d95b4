import type { Review } from "./entity.ts";

/** What somebody did by a review of that state, as a story tells it before the commit. */
export const reviewWords: Readonly<Record<Review["state"], string>> = {
  approved: "approved",
  changesRequested: "requested changes on",
  commented: "commented on",
  dismissed: "reviewed, in a review dismissed since,",
  pending: "began a review of",
  unknown: "reviewed",
};
