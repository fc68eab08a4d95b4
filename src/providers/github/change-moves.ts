import type { SourceRecord } from "../../model/stream.ts";
import type { KeptRecord, Move } from "../provider.ts";
import { type Difference, differencesOf } from "./differences.ts";
import { keptDays } from "./kept-days.ts";

type Body = Readonly<Record<string, unknown>>;

/** What one field's difference means: words where it may move after the merge, `silent` where another field tells it. */
type Rule = string | "silent";

/** Which fields may move after a merge, by kind of record; every other may not. */
const mayMove: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  change: {
    title: "title edited",
    body: "description edited",
    lastEditedAt: "silent",
    updatedAt: "touched since, as by a comment",
    url: "address changed",
    headRefName: "its own branch renamed",
    isCrossRepository: "its fork is gone",
    labels: "labels changed",
    timeline: "more in its timeline",
    reviews: "more reviews",
    checks: "another number of checks",
    workItems: "another number of work items",
  },
  changeCommit: { "commit.signature": "signature judged anew" },
  changeEvent: { "event.label": "label renamed" },
  review: { "review.url": "address changed" },
  dismissal: { "dismissal.dismissalMessage": "reason of a dismissal edited" },
  check: { "check.url": "address of a check changed", "check.targetUrl": "address of a check changed" },
  workItem: { workItem: "work item edited" },
};

/** Kinds that are only there where somebody asked, and not with every question. */
const besides = new Set(["commitAuthors", "commitParents"]);

/** What differs between the two records of one object of a change; empty where only what no version asks for does. */
export function moves(
  { kept, now }: { readonly kept?: KeptRecord; readonly now?: SourceRecord },
  beside: { readonly kept: readonly KeptRecord[]; readonly now: readonly SourceRecord[]; readonly at: string },
): readonly Move[] {
  if (kept && now) return changed(kept, now, beside.now);
  if (kept) return gone(kept, beside.now, beside.at);
  return now ? [came(now, beside.kept)].filter((move) => move !== undefined) : [];
}

function changed(kept: KeptRecord, now: SourceRecord, all: readonly SourceRecord[]): readonly Move[] {
  const rules = mayMove[kept.kind] ?? {};
  const found = differencesOf(kept.body as Body, now.body as Body).map((difference) => ({
    difference,
    rule: ruleOf(rules, difference.path),
  }));
  const told = found.filter(({ rule }) => rule !== "silent" && rule !== rules.updatedAt);
  // The time of the last touch is worth a word only where nothing else tells of the touch.
  return (told.length > 0 ? told : found).map(({ difference, rule }) =>
    rule === undefined
      ? unforeseen(kept, now, difference, all)
      : { legitimate: true, text: rule === "silent" ? `${difference.path} changed` : rule },
  );
}

function ruleOf(rules: Readonly<Record<string, Rule>>, path: string): Rule | undefined {
  const field = Object.keys(rules).find((name) => path === name || path.startsWith(`${name}.`));
  return field === undefined ? undefined : rules[field];
}

/** A field that may not move, but for what the source itself shows to have come after the record. */
function unforeseen(kept: KeptRecord, now: SourceRecord, difference: Difference, all: readonly SourceRecord[]): Move {
  const { path, before, after, account } = difference;
  if (account !== undefined) return { legitimate: true, text: account };
  if (kept.kind === "check" && !isOver(kept)) return { legitimate: true, text: `${nameOf(kept)} ended since` };
  if (kept.kind === "review" && path === "review.state" && after === "DISMISSED") {
    const at = dismissedAt(now, all);
    if (at !== undefined && at > kept.fetchedAt)
      return { legitimate: true, text: `${nameOf(kept)} dismissed at ${at}, after it was recorded` };
  }
  return { legitimate: false, text: `${nameOf(kept)}: ${path} was ${shown(before)}, is ${shown(after)}` };
}

function dismissedAt(review: SourceRecord, all: readonly SourceRecord[]): string | undefined {
  const { id } = (review.body as { review: { id: string } }).review;
  const own = all
    .filter(({ kind }) => kind === "dismissal")
    .map(({ body }) => (body as { dismissal: { createdAt: string; review: { id: string } | null } }).dismissal);
  return own.find((dismissal) => dismissal.review?.id === id)?.createdAt;
}

function gone(kept: KeptRecord, all: readonly SourceRecord[], at: string): readonly Move[] {
  if (besides.has(kept.kind)) return [];
  const name = nameOf(kept);
  if (kept.kind === "workItem") return [{ legitimate: true, text: `${name} is linked no more` }];
  if (kept.kind === "check") {
    if (daysSince(kept, at) > (keptDays.checks ?? Number.POSITIVE_INFINITY))
      return [{ legitimate: true, text: `${name} expired at the source` }];
    if (all.some((other) => other.kind === "check" && nameOf(other) === name && timeOf(other) > kept.fetchedAt))
      return [{ legitimate: true, text: `${name} ran again since` }];
  }
  if (kept.kind === "changeEvent" && (kept.body as { event: Body }).event.__typename === "ConnectedEvent")
    return [{ legitimate: true, text: "a work item it was linked to is gone" }];
  return [{ legitimate: false, text: `${name} was recorded, and the source does not give it` }];
}

/** What was not there when the change was recorded last may have come since; undefined for what nobody need have asked. */
function came(now: SourceRecord, kept: readonly KeptRecord[]): Move | undefined {
  if (besides.has(now.kind)) return undefined;
  const name = nameOf(now);
  if (now.kind === "workItem") return { legitimate: true, text: `${name} is linked since` };
  const looked = kept.reduce((latest, { fetchedAt }) => (fetchedAt > latest ? fetchedAt : latest), "");
  const at = timeOf(now);
  return at > looked
    ? { legitimate: true, text: `${name} came at ${at}` }
    : {
        legitimate: false,
        text: `${name} is given by the source${at === "" ? "" : ` as of ${at}`}, and was not recorded`,
      };
}

function isOver({ body }: SourceRecord): boolean {
  const { check } = body as { check: Body };
  return check.__typename === "StatusContext"
    ? check.state !== "PENDING" && check.state !== "EXPECTED"
    : check.status === "COMPLETED";
}

/** When the object says it came to be as it is; empty where it does not say. */
function timeOf({ kind, body }: SourceRecord): string {
  const { check, review, event, dismissal } = body as Readonly<Record<string, Body | undefined>>;
  const time =
    kind === "check"
      ? (check?.completedAt ?? check?.startedAt ?? check?.createdAt)
      : (review?.submittedAt ?? event?.createdAt ?? dismissal?.createdAt);
  return typeof time === "string" ? time : "";
}

function daysSince(kept: KeptRecord, at: string): number {
  return (Date.parse(at) - Date.parse(timeOf(kept))) / 86_400_000;
}

/** What an auditor calls the object. */
function nameOf({ kind, externalId, body }: SourceRecord): string {
  const { check, review, event, commit } = body as Readonly<Record<string, Body | undefined>>;
  switch (kind) {
    case "change":
      return `change #${externalId}`;
    case "changeCommit":
      return `commit ${String(commit?.oid).slice(0, 8)}`;
    case "check":
      return `check "${String(check?.name ?? check?.context)}"`;
    case "review":
      return `review of ${String((review?.author as Body | null)?.login ?? "a deleted account")}`;
    case "changeEvent":
      return `event ${String(event?.__typename)}`;
    case "workItem":
      return `work item ${externalId.split("/").at(-1)}`;
    default:
      return `${kind} ${externalId}`;
  }
}

function shown(value: unknown): string {
  const text = value === undefined ? "absent" : typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
