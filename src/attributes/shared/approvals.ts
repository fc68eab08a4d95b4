import type { ChangeDossier } from "../../model/dossier.ts";
import { actorName } from "../../model/dossier.ts";
import type { Actor, Review, Seen } from "../../model/entity.ts";
import { rightToWrite } from "./access.ts";
import type { Contributors } from "./contributors.ts";
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
  const words = lastWords(dossier, demand.at, (actor) => identities.ofActor(source, actor).id);
  const found = words.map((one) => ({ ...one, ...weigh(dossier, one, demand, contributors) }));
  const of = (weight: Weight["weight"]) => found.filter((one) => one.weight === weight);
  const [good, maybe, refused, objections] = [of("counts"), of("may"), of("refused"), of("objects")];
  const approved = good.map(
    ({ review, why }) =>
      `${actorName(review.author)} approved ${review.oid ? `${short(review.oid)} ` : ""}at ${review.submittedAt}${why}`,
  );
  const contrary = objections.map(({ why }) => why);
  const basis: Basis[] = [
    change.record,
    ...[...good, ...maybe, ...refused, ...objections].map(({ review }) => review),
    ...found.flatMap((one) => one.basis),
  ];

  if (good.length + maybe.length < demand.count) {
    const reasons = [...refused, ...maybe].map(({ why }) => why);
    const late = approvedAfter(dossier, demand.at);
    const none = dossier.reviews.length === 0 ? "there is no review" : "there is none, only comments";
    const told = [...reasons, ...contrary, ...late.map(({ why }) => why)];
    const first = good.length > 0 ? `only ${listed(approved)}` : told.length > 0 ? "" : none;
    const text = [first, ...told].filter(Boolean).join("; ");
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

interface Weight {
  readonly weight: "counts" | "may" | "refused" | "objects";
  /** Why it does not count; of one that does, what is to be said beside. */
  readonly why: string;
  readonly basis: readonly Basis[];
}

const weighed = (weight: Weight["weight"], why: string, ...basis: readonly Basis[]): Weight => ({ weight, why, basis });

/** What one reviewer's last word weighs: what refuses it goes before what cannot be told. */
function weigh(
  dossier: ChangeDossier,
  { review, stand }: Standing,
  demand: ApprovalDemand,
  contributors: Contributors,
): Weight {
  const { change, identities, source } = dossier;
  const who = actorName(review.author);
  if (stand === "changesRequested") return weighed("objects", `${who} had requested changes`);
  if (stand === "dismissed")
    return weighed(
      "refused",
      `${who}'s review was dismissed`,
      ...dossier.dismissals.filter((one) => one.review === review.key || one.review === review.id),
    );
  const party = review.author ? identities.ofActor(source, review.author) : undefined;
  const contributed = party && contributors.parties.get(party.id);
  if (demand.among && review.author && !demand.among(review.author))
    return weighed("refused", `${who} approved but is not one of them`);
  if (party?.kind === "automation") return weighed("refused", `${who} is automation, whose approval is no person's`);
  if (contributed) {
    const same = contributed.as === who ? "" : `is the person who as ${contributed.as} `;
    return weighed("refused", `${who} approved but ${same}${contributed.role}`, contributed.record);
  }
  const moved = baseChangedAfter(dossier, review, demand.at);
  if (moved)
    return weighed(
      "refused",
      `${who} approved before the base was changed${moved.to === null ? "" : ` to ${moved.to}`} at ${moved.at}`,
      moved,
    );
  const right = rightToWrite(dossier, review);
  if (right.state === "no") return weighed("refused", `${who} approved but ${right.text}`, ...right.basis);
  const stale = demand.onHead && review.oid !== null && review.oid !== change.headOid;
  const kept = stale && demand.mergeFromBaseKeeps ? keptOverMerges(dossier, review.oid ?? "") : NOT_KEPT;
  if (stale && kept.state === "no")
    return weighed("refused", `${who} approved ${short(review.oid ?? "")}, not the final ${short(change.headOid)}`);
  if (kept.state === "unknown")
    return weighed(
      "may",
      `${who} approved ${short(review.oid ?? "")}, and whether the later commits only merge the base branch is not in the evidence`,
      ...kept.basis,
    );
  if (demand.onHead && review.oid === null)
    return weighed("may", `the source no longer says which commit ${who} reviewed`);
  if (stand === "unknown") return weighed("may", `what ${who}'s review said at ${demand.at} is not in the evidence`);
  if (!party || party.kind === "unknown") return weighed("may", `${who} approved, and who that is cannot be said`);
  if (right.state === "unknown") return weighed("may", `${who} approved, but ${right.text}`, ...right.basis);
  const beside = [right.text, kept.text].filter(Boolean).join("; ");
  return weighed("counts", beside && ` (${beside})`, ...right.basis, ...kept.basis);
}

/** The last change of the base that a review did not see. */
const baseChangedAfter = ({ events }: ChangeDossier, { submittedAt }: Review, at: string) =>
  events
    .filter((one) => one.event === "baseChanged" && submittedAt !== null && one.at > submittedAt && one.at <= at)
    .toSorted((a, b) => (a.at === b.at ? (a.key < b.key ? -1 : 1) : a.at < b.at ? -1 : 1))
    .at(-1);

/** Approvals that came too late to count, in words. */
function approvedAfter({ reviews }: ChangeDossier, at: string) {
  return reviews
    .toSorted(byTimeThenId((one) => one.submittedAt))
    .filter(({ state, submittedAt }) => state === "approved" && submittedAt !== null && submittedAt > at)
    .map((review) => ({ review, why: `${actorName(review.author)} approved only at ${review.submittedAt}` }));
}

interface Kept {
  readonly state: "yes" | "no" | "unknown";
  readonly text: string;
  readonly basis: readonly Basis[];
}
const NOT_KEPT: Kept = { state: "no", text: "", basis: [] };

/** Whether the platform made every commit from the reviewed one to the head, each by merging the base branch into the one before: from the head down by first parents, which no headline or date can bend. */
function keptOverMerges({ commits, change, merges }: ChangeDossier, reviewed: string): Kept {
  const own = new Map(commits.map((commit) => [commit.oid, commit]));
  const basis: Basis[] = [];
  const over: string[] = [];
  let open = false;
  for (let oid = change.headOid; oid !== reviewed; ) {
    const [commit, merge] = [own.get(oid), merges?.get(oid)];
    if (!commit || basis.includes(commit)) return NOT_KEPT;
    basis.push(commit, merge);
    if (commit.madeBy === "other" || (merge && (merge.parents.length !== 2 || merge.fromBase === false)))
      return NOT_KEPT;
    // A merge whose parents nobody read.
    if (!merge)
      return commit.headline.startsWith("Merge ") && own.has(reviewed)
        ? { state: "unknown", text: "", basis }
        : NOT_KEPT;
    open ||= merge.fromBase === undefined || commit.madeBy === "unknown";
    over.unshift(short(oid));
    oid = merge.parents[0] ?? "";
  }
  const text = `kept over ${listed(over)}, by which the platform merged the base branch; conflicts resolved in that would not show`;
  return open ? { state: "unknown", text: "", basis } : { state: "yes", text, basis };
}
