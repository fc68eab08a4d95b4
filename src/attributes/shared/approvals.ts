import type { ChangeDossier } from "../../model/dossier.ts";
import { actorName } from "../../model/dossier.ts";
import type { Actor, Review, Seen } from "../../model/entity.ts";
import { contributorsOf } from "./contributors.ts";
import type { Basis } from "./verdicts.ts";
import { byTimeThenId, listed, plural, short } from "./verdicts.ts";

type Stand = "approved" | "changesRequested" | "dismissed" | "unknown";
interface Standing {
  readonly review: Seen<Review>;
  readonly stand: Stand;
}

/** What a review said at an instant: a dismissal that came later is undone, comments say nothing. */
function standAt(dossier: ChangeDossier, review: Seen<Review>, at: string): Stand | undefined {
  if (review.submittedAt === null)
    return review.state === "approved" || review.state === "unknown" ? "unknown" : undefined;
  if (review.submittedAt > at) return undefined;
  const dismissals = dossier.dismissals
    .filter((one) => one.review === review.key || one.review === review.id)
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const state =
    dismissals.length === 0
      ? review.state
      : dismissals.some((one) => one.at <= at)
        ? "dismissed"
        : dismissals[0]?.previousState;
  if (state === "commented" || state === "pending") return undefined;
  // Dismissed by an event nobody recorded: before or after the instant cannot be said.
  if (state === "dismissed" && dismissals.length === 0) return "unknown";
  return state ?? "unknown";
}

/** The last word of every account or party at an instant, by the source's times; deleted reviewers each stand alone. */
export function lastWords(dossier: ChangeDossier, at: string, by: (actor: Actor) => string): readonly Standing[] {
  const words = new Map<string, Standing>();
  for (const review of dossier.reviews.toSorted(byTimeThenId((one) => one.submittedAt))) {
    const stand = standAt(dossier, review, at);
    if (stand) words.set(review.author ? by(review.author) : `deleted:${review.key}`, { review, stand });
  }
  return [...words.values()];
}

/** What is asked of a change's approvals. */
export interface ApprovalDemand {
  readonly count: number;
  /** Only approvals of the change's last commit count. */
  readonly onHead: boolean;
  /** A merge of the base branch by the platform would keep an approval given before it. */
  readonly mergeFromBaseKeeps: boolean;
  /** The approvals standing at this instant count. */
  readonly at: string;
  /** Only approvals of these accounts count; absent: anybody's. */
  readonly among?: (actor: Actor) => boolean;
}

/** Whether independent approvals sufficed, with the reason in words. */
export interface ApprovalFinding {
  readonly outcome: "pass" | "fail" | "notVerifiable";
  readonly text: string;
  readonly basis: readonly Basis[];
}

/** Counts the approvals standing at an instant that came from persons who contributed nothing to the change. Unknowns decide neither way: they give `notVerifiable` where they could. */
export function judgeApprovals(dossier: ChangeDossier, demand: ApprovalDemand): ApprovalFinding {
  const { change, identities, source } = dossier;
  const contributors = contributorsOf(dossier);
  const good: Seen<Review>[] = [];
  const maybe: { review: Seen<Review>; why: string }[] = [];
  const refused: { review: Seen<Review>; why: string }[] = [];
  const objections: Seen<Review>[] = [];
  const basis: Basis[] = [change.record];

  for (const { review, stand } of lastWords(dossier, demand.at, (actor) => identities.ofActor(source, actor).id)) {
    const who = actorName(review.author);
    if (stand === "changesRequested") {
      objections.push(review);
      continue;
    }
    if (stand === "dismissed") {
      refused.push({ review, why: `${who}'s review was dismissed` });
      basis.push(...dossier.dismissals.filter((one) => one.review === review.key || one.review === review.id));
      continue;
    }
    const party = review.author ? identities.ofActor(source, review.author) : undefined;
    const contributed = party && contributors.parties.get(party.id);
    if (demand.among && review.author && !demand.among(review.author))
      refused.push({ review, why: `${who} approved but is not one of them` });
    else if (party?.kind === "automation")
      refused.push({ review, why: `${who} is automation, whose approval is no person's` });
    else if (contributed) {
      const same = contributed.as === who ? "" : `is the person who as ${contributed.as} `;
      refused.push({ review, why: `${who} approved but ${same}${contributed.role}` });
      basis.push(contributed.record);
    } else if (demand.onHead && review.oid !== null && review.oid !== change.headOid) {
      if (demand.mergeFromBaseKeeps && onlyPlatformCommitsAfter(dossier, review.oid))
        maybe.push({
          review,
          why: `${who} approved ${short(review.oid)}, and whether the later commits only merge the base branch is not in the evidence`,
        });
      else
        refused.push({ review, why: `${who} approved ${short(review.oid)}, not the final ${short(change.headOid)}` });
    } else if (demand.onHead && review.oid === null)
      maybe.push({ review, why: `the source no longer says which commit ${who} reviewed` });
    else if (stand === "unknown")
      maybe.push({ review, why: `what ${who}'s review said at ${demand.at} is not in the evidence` });
    else if (!party || party.kind === "unknown")
      maybe.push({ review, why: `${who} approved, and who that is cannot be said` });
    else good.push(review);
  }

  const approved = good.map(
    (review) =>
      `${actorName(review.author)} approved ${review.oid ? `${short(review.oid)} ` : ""}at ${review.submittedAt}`,
  );
  const contrary = objections.map((review) => `${actorName(review.author)} had requested changes`);
  basis.push(...good, ...maybe.map(({ review }) => review), ...refused.map(({ review }) => review), ...objections);

  if (good.length + maybe.length < demand.count) {
    const reasons = [...refused.map(({ why }) => why), ...maybe.map(({ why }) => why), ...contrary];
    const late = approvedAfter(dossier, demand.at);
    const none = dossier.reviews.length === 0 ? "there is no review" : "there is none, only comments";
    const found = good.length > 0 ? `only ${listed(approved)}` : reasons.length + late.length > 0 ? "" : none;
    const text = [found, ...reasons, ...late.map(({ why }) => why)].filter(Boolean).join("; ");
    basis.push(...late.map(({ review }) => review));
    return { outcome: "fail", text: `${plural(demand.count, "independent approval")} needed: ${text}`, basis };
  }
  basis.push(...contributors.strangers.map(({ record }) => record));
  // Each unidentified contributor could be one of the approvers, and no more than one.
  const certain = good.length - contributors.strangers.length;
  if (contributors.incomplete || certain < demand.count) {
    const why = contributors.incomplete
      ? `${listed(approved) || "somebody approved"}, but ${contributors.incomplete}, so the approver may be among the contributors`
      : good.length < demand.count
        ? listed([...approved, ...maybe.map((one) => one.why)])
        : `${listed(approved)}, but the contributors include ${listed(contributors.strangers.map(({ who }) => who))}`;
    return { outcome: "notVerifiable", text: why, basis };
  }
  basis.push(...dossier.commits);
  const beside = contrary.length > 0 ? `; ${listed(contrary)} beside it` : "";
  return { outcome: "pass", text: `${listed(approved)}, having contributed nothing to the change${beside}`, basis };
}

/** Approvals that came too late to count, in words. */
function approvedAfter({ reviews }: ChangeDossier, at: string) {
  return reviews
    .toSorted(byTimeThenId((one) => one.submittedAt))
    .filter(({ state, submittedAt }) => state === "approved" && submittedAt !== null && submittedAt > at)
    .map((review) => ({ review, why: `${actorName(review.author)} approved only at ${review.submittedAt}` }));
}

/** Whether nothing but commits made by the platform, with a merge's headline, follows the reviewed one; their parents are not in a change's evidence. */
function onlyPlatformCommitsAfter({ commits, change }: ChangeDossier, reviewed: string): boolean {
  const place = commits.findIndex(({ oid }) => oid === reviewed);
  if (place < 0) return false;
  const later = commits.slice(place + 1);
  return later.every(
    (commit) => commit.madeBy === "platform" && commit.headline.startsWith(`Merge branch '${change.baseRef}'`),
  );
}
