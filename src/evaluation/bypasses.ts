import type { AssessmentResult, Bypass, CoverageRow } from "../model/assessment.ts";
import { compare } from "../model/compare.ts";
import type { JoinedControl } from "../model/control.ts";
import type { ChangeDossier, CommitDossier, ConfigurationDossier } from "../model/dossier.ts";
import { actorName } from "../model/dossier.ts";
import type { BranchActivity, RuleSuite, Seen } from "../model/entity.ts";
import { short } from "../model/keys.ts";
import { number } from "../model/number.ts";
import { laterReview, reasonOf } from "./answered.ts";
import { changeWasDemanded } from "./beside.ts";
import type { SeenBypass } from "./input.ts";
import type { Judged } from "./observe.ts";
import { onceEach, type SeenOverride, type Traced, withLog } from "./overrides.ts";

/** What the ledger of bypasses is drawn up from. */
export interface BypassContext {
  readonly judged: readonly Judged[];
  readonly controls: readonly JoinedControl[];
  readonly continuity: AssessmentResult["continuity"];
  /** Of the period. */
  readonly suites: readonly SeenBypass[];
  readonly overrides: readonly SeenOverride[];
  readonly coverage: readonly CoverageRow[];
  readonly emergencyOf: (dossier: ChangeDossier) => Parameters<typeof reasonOf>[1];
  readonly period: string;
}

type Draft = Traced["draft"];
const noReview: Bypass["review"] = { state: "none", at: null, text: "nothing to review was recorded", record: null };

/**
 * Every bypass of a released branch's rules that the evidence shows, by time: merges that failed the test for bypasses or
 * that the source itself evaluated as one, pushes without a change past rules that demanded one, and rewrites. One that
 * several records show stands once. Beside them what the audit log says, which adds no entry.
 */
export function bypassesOf(context: BypassContext): Pick<AssessmentResult["bypasses"], "entries" | "overrides"> {
  const { judged, suites, period } = context;
  const merges = judged.flatMap((one) => (one.dossier.subject === "change" ? merge(one, one.dossier, context) : []));
  const rewrites = judged.flatMap((one) =>
    one.dossier.subject === "configuration" ? rewritesOf(one, one.dossier, context) : [],
  );
  const pushes = pushesOf(context);
  const joined = new Set([...merges, ...rewrites, ...pushes].flatMap(({ draft }) => draft.evidence));
  const apart = suites.filter(({ suite }) => !joined.has(suite.record));
  const left = onceEach(apart, ({ suite }) => suite.record).map(unjoined);
  const { drafts, overrides } = withLog(
    [...merges, ...rewrites, ...pushes, ...left],
    context.overrides,
    context.coverage,
  );
  const entries = drafts
    .toSorted((a, b) => compare(a.at, b.at) || compare(a.system, b.system) || compare(a.label, b.label))
    .map((draft, index) => ({ id: `BY-${period}-${String(index + 1).padStart(3, "0")}`, ...draft }));
  return { entries, overrides: [...overrides] };
}

/** Which test, of which control, says what of an item. */
function counted({ item }: Judged, attribute: string, { controls }: BypassContext): Pick<Draft, "control" | "outcome"> {
  const outcome = item.observations.find((one) => one.attribute === attribute)?.outcome ?? null;
  const control = controls.find((one) => one.attributes.some(({ id }) => id === attribute))?.id ?? null;
  return { control, outcome };
}

function merge(judged: Judged, dossier: ChangeDossier, context: BypassContext): Traced[] {
  const { item } = judged;
  const test = item.observations.find(({ attribute }) => attribute === "merged-without-bypass");
  const suite = dossier.ruleSuite?.result === "bypassed" ? dossier.ruleSuite : undefined;
  if (test?.outcome !== "fail" && !suite) return [];
  const emergency = test?.outcome === "notApplicable";
  const by = suite?.by ?? dossier.change.merger;
  const draft: Draft = {
    system: item.system,
    repository: item.repository,
    branch: suite?.branch ?? dossier.change.baseRef,
    at: item.at,
    kind: "merge",
    shownBy: suite ? ["evaluation"] : ["comparison"],
    items: [item.key],
    label: item.label,
    actor: actorName(by),
    unmet: suite?.unmet ?? null,
    text: test?.message ?? "",
    reason: reasonOf(dossier, context.emergencyOf(dossier)),
    review: laterReview(dossier),
    ...counted(judged, emergency ? "emergency-reviewed-in-time" : "merged-without-bypass", context),
    evidence: records(...(test?.evidence ?? []), dossier.change.record, suite?.record),
  };
  return [{ draft, by, after: dossier.change.mergeOid }];
}

function rewritesOf(judged: Judged, { branch, rewrites }: ConfigurationDossier, context: BypassContext): Traced[] {
  const { item } = judged;
  return rewrites.map((move) => {
    const suite = suiteAt(context, item, branch, move.after);
    const lost = context.judged.filter(
      ({ item: other, dossier }) =>
        other.system === item.system &&
        dossier.subject === "commit" &&
        dossier.rewritten !== undefined &&
        dossier.activity?.record === move.record,
    );
    const draft: Draft = {
      system: item.system,
      repository: item.repository,
      branch,
      at: move.at,
      kind: "rewrite",
      shownBy: suite ? ["evaluation", "move"] : ["move"],
      items: [item.key, ...lost.map(({ item: { key } }) => key)],
      label: branch,
      actor: actorName(move.by),
      unmet: suite?.unmet ?? null,
      text: rewriteText(move, branch, lost.length),
      reason: null,
      review: noReview,
      ...counted(judged, "branch-protected", context),
      evidence: records(move.record, suite?.record, ...lost.map(({ item: { record } }) => record ?? undefined)),
    };
    return { draft, by: move.by, after: move.after };
  });
}

/** Commits without a change that came past rules demanding one, or that the source itself says came past them; those of one push together. */
function pushesOf(context: BypassContext): Traced[] {
  const found = context.judged.flatMap((judged) => {
    const { dossier, item } = judged;
    if (dossier.subject !== "commit" || dossier.change || dossier.rewritten) return [];
    const branch = dossier.activity?.branch ?? branchOf(context, item);
    const suite = suiteAt(context, item, branch, dossier.activity?.after ?? dossier.oid);
    const test = counted(judged, "arrived-by-change", context);
    // Where changes were not read whole, one may have brought it.
    const demanded = test.outcome === "fail" && changeWasDemanded(item, context.continuity);
    return suite || demanded ? [{ judged, dossier, branch, suite, demanded, test }] : [];
  });
  const groups = Map.groupBy(found, ({ dossier: { system, key, activity } }) =>
    JSON.stringify([system, activity?.record ?? key]),
  );
  return [...groups.values()].flatMap((group): Traced[] => {
    const [first] = group;
    if (!first) return [];
    const { judged, dossier, branch, suite, demanded, test } = first;
    const { item } = judged;
    const shownBy: Draft["shownBy"] = [
      ...(suite ? (["evaluation"] as const) : []),
      ...(dossier.activity ? (["move"] as const) : []),
      ...(demanded ? (["comparison"] as const) : []),
    ];
    const draft: Draft = {
      system: item.system,
      repository: item.repository,
      branch,
      at: item.at,
      ...(item.notBefore === undefined ? {} : { notBefore: item.notBefore }),
      kind: "push",
      shownBy,
      items: group.map(({ judged: { item: one } }) => one.key),
      label: group.length === 1 ? item.label : `${item.label} and ${number(group.length - 1)} more`,
      actor: pusher(dossier, suite),
      unmet: suite?.unmet ?? null,
      text: demanded
        ? "The rules demanded a change all the time in which it can have been pushed, and no change brought it."
        : `The source evaluated the push as a bypass${test.outcome === "fail" ? ", and no change brought it" : "; whether a change brought it is not verifiable"}.`,
      reason: null,
      review: noReview,
      ...test,
      evidence: records(
        ...group.flatMap(({ judged: one }) => one.item.record ?? undefined),
        dossier.activity?.record,
        suite?.record,
      ),
    };
    const by = suite?.by ?? dossier.activity?.by ?? null;
    return [{ draft, by, after: dossier.activity?.after ?? dossier.oid }];
  });
}

/** What the source evaluated as a bypass and no item of the period is known by. */
function unjoined({ system, systems, repository, suite }: SeenBypass & Pick<Draft, "systems">): Traced {
  const draft: Draft = {
    system,
    ...(systems ? { systems } : {}),
    repository,
    branch: suite.branch,
    at: suite.at,
    kind: suite.after === null ? "rewrite" : "push",
    shownBy: ["evaluation"],
    items: [],
    label: suite.after?.slice(0, 8) ?? suite.branch,
    actor: actorName(suite.by),
    unmet: suite.unmet,
    text: `The source evaluated this move of ${suite.branch} as a bypass; no item of this period stands for it.`,
    reason: null,
    review: noReview,
    control: null,
    outcome: null,
    evidence: [suite.record],
  };
  return { draft, by: suite.by, after: suite.after };
}

/** The evaluation of the move that led an item's branch to a commit; another branch may have been promoted to the same. */
const suiteAt = (
  { suites }: BypassContext,
  { system, repository }: Judged["item"],
  branch: string,
  after: string | null,
): Seen<RuleSuite> | undefined =>
  suites.find(
    (one) =>
      one.system === system &&
      one.repository === repository &&
      one.suite.branch === branch &&
      one.suite.after === after,
  )?.suite;

const branchOf = ({ continuity }: BypassContext, item: Judged["item"]): string =>
  continuity.find(
    ({ system, repository, promotedFrom }) =>
      system === item.system && repository === item.repository && promotedFrom === undefined,
  )?.branch ?? "";

function pusher({ activity }: CommitDossier, suite: RuleSuite | undefined): string {
  return suite || activity ? actorName(suite?.by ?? activity?.by ?? null) : "pusher not on record";
}

function rewriteText({ activity, before, after }: BranchActivity, branch: string, lost: number): string {
  const gone = lost > 0 ? `; ${number(lost)} ${lost === 1 ? "commit" : "commits"} of the period went with it` : "";
  if (activity === "deleted") return `${branch} was deleted when it led to ${short(before)}${gone}.`;
  return `The history of ${branch} was rewritten by force, from ${short(before)} to ${short(after)}${gone}.`;
}

const records = (...ids: readonly (number | undefined)[]): number[] =>
  [...new Set(ids.filter((id) => id !== undefined))].sort((a, b) => a - b);
