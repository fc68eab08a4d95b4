import type { Dismissal, PullRequest, Review, ReviewState } from "../world.ts";
import type { Site } from "./site.ts";
import { commentOf } from "./texts.ts";

/** Adds a review of a commit by an account. */
export function review(
  site: Site,
  change: PullRequest,
  by: string,
  state: ReviewState,
  oid: string | null,
  at: number,
): void {
  const body = state === "DISMISSED" || state === "PENDING" ? "" : commentOf(site.rnd, state);
  const made: Review = {
    kind: "PullRequestReview",
    repo: change.repo,
    change: change.number,
    id: site.ids.next("review"),
    nodeId: null,
    author: site.cast.account(by),
    state,
    body,
    commit: oid,
    submittedAt: at,
    updatedAt: at,
  };
  change.reviews.push(made);
}

/** Dismisses the standing approvals, by a person or by the platform on a push. */
export function dismiss(site: Site, change: PullRequest, at: number, by: string): void {
  for (const each of change.reviews) {
    if (each.state !== "APPROVED") continue;
    const event: Dismissal = {
      kind: "ReviewDismissedEvent",
      repo: change.repo,
      change: change.number,
      id: site.ids.next("event"),
      actor: site.cast.account(by),
      at,
      review: each.id,
      previous: "APPROVED",
      message: null,
    };
    change.dismissals.push(event);
    each.state = "DISMISSED";
    each.updatedAt = at;
  }
}
