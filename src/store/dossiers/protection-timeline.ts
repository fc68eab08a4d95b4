import type { RulesAt } from "../../model/dossier.ts";
import type { Protection, Rule, Seen } from "../../model/entity.ts";
import { isUnnamedApp } from "../../model/unnamed-app.ts";
import { canonicalJson } from "../../util/canonical-json.ts";

/** Whether a rule counts as a guard of the released branch: seen active, and by its own patterns meant for it. */
const guards = (rule: Rule): boolean => rule.enforcement === "active" && rule.appliesToReleasedBranch;

/** Whether a rule guards the released branch, or may: the source says in a word nobody knows whether it is in force. */
export const mayGuard = (rule: Rule): boolean =>
  guards(rule) || (rule.enforcement === "unknown" && rule.appliesToReleasedBranch);

/** What rules say of a stretch of time: those that guarded the branch, unless of one nobody can say whether it did. */
export function guardsOf(rules: readonly Rule[], seen: { record: number; since: string; until: string }): RulesAt {
  const unclear = rules.find((rule) => mayGuard(rule) && !guards(rule));
  if (!unclear) return { known: true, rules: rules.filter(guards), ...seen };
  const reason = `whether the rule "${unclear.name}" was in force the source says in a word nobody knows, as read at ${seen.until}`;
  return { known: false, reason };
}

/** Why the rules' stream does not cover an instant; undefined where it does. */
export type RulesGap = (at: string) => string | undefined;

/** One stretch [from, to) over which the same can be said of the rules. */
export interface RulesInterval {
  readonly from: string;
  readonly to: string;
  readonly rules: RulesAt;
}

/** A look at the settings: what was seen, and when. */
export interface Look {
  readonly at: string;
  readonly protection: Seen<Protection>;
  /** Not all rules could be read: one that is missing may have been there. */
  readonly partial?: boolean;
}

/** Joins the instants at which a run looked with the snapshot that was current then, oldest first. */
export function looksAt(times: readonly string[], snapshots: readonly Seen<Protection>[]): readonly Look[] {
  const all = [...new Set([...times, ...snapshots.map((snapshot) => snapshot.observedAt)])].sort();
  const named = snapshots.map((snapshot) => ({
    ...snapshot,
    rules: snapshot.rules.map((rule) => withNamedApps(rule, snapshots)),
  }));
  return all.flatMap((at) => {
    const current = named.findLast((snapshot) => snapshot.observedAt <= at);
    return current ? [{ at, protection: current }] : [];
  });
}

/** A rule that was not changed demands the same apps in every look: one may name what another knew by its number only. */
function withNamedApps(rule: Rule, snapshots: readonly Seen<Protection>[]): Rule {
  if (rule.updatedAt === null || !rule.checks.some(({ app }) => isUnnamedApp(app))) return rule;
  const same = snapshots.flatMap(({ rules }) =>
    rules.filter(({ id, updatedAt }) => id === rule.id && updatedAt === rule.updatedAt),
  );
  const nameOf = (check: Rule["checks"][number]) =>
    same.flatMap(({ checks }) => checks).find(({ name, app }) => name === check.name && !isUnnamedApp(app));
  return { ...rule, checks: rule.checks.map((check) => (isUnnamedApp(check.app) ? (nameOf(check) ?? check) : check)) };
}

const empty = ({ protection, partial }: Look): boolean => !partial && !protection.rules.some(mayGuard);

const contentOf = (rule: Rule): string => canonicalJson({ ...rule, updatedAt: null });

/**
 * From when on a look vouches for what it saw: since the youngest guard last changed, where the source says so for each.
 * Where an earlier look itself saw one of them missing or other than it is, after that change, the date is not believed:
 * the guard is vouched for since the first look after that one.
 */
function vouchesSince(look: Look, earlier: readonly Look[]): string {
  const guarding = look.protection.rules.filter(mayGuard);
  const since = guarding.map((rule) => {
    const content = contentOf(rule);
    const contrary = earlier.findLastIndex(({ protection: { rules }, partial }) => {
      const listed = rules.some(({ id }) => id === rule.id);
      return (listed || !partial) && !rules.some((one) => mayGuard(one) && contentOf(one) === content);
    });
    const seen = earlier[contrary];
    if (rule.updatedAt === null || !seen || rule.updatedAt > seen.at) return rule.updatedAt;
    return (earlier[contrary + 1] ?? look).at;
  });
  if (since.length === 0 || since.includes(null)) return look.at;
  const youngest = since.reduce((a, b) => ((a ?? "") > (b ?? "") ? a : b)) ?? look.at;
  return youngest < look.at ? youngest : look.at;
}

/**
 * What is known of the rules over [from, to), without a hole. A guard is credited from its last change to the look that
 * saw it; two looks in a row that both saw none make the time between them unguarded, one alone the second it looked;
 * `history` says what was in force before a look; all else is unobserved, after the last look for the reason that `gap` gives.
 */
export function rulesTimeline(
  looks: readonly Look[],
  from: string,
  to: string,
  history: readonly RulesInterval[] = [],
  gap: RulesGap = () => undefined,
): readonly RulesInterval[] {
  const seen = looks.map((look, index): RulesInterval => {
    const earlier = looks[index - 1];
    const bothEmpty = empty(look) && earlier !== undefined && empty(earlier);
    const since = bothEmpty ? earlier.at : vouchesSince(look, looks.slice(0, index));
    const { rules, record } = look.protection;
    return {
      from: since,
      to: empty(look) ? secondAfter(look.at) : look.at,
      rules: guardsOf(rules, { record, since, until: look.at }),
    };
  });
  // What a version says goes before what two empty looks let one suppose.
  const empties = seen.filter(({ rules }) => rules.known && rules.rules.length === 0);
  const known = [...seen.filter((one) => !empties.includes(one)), ...history, ...empties];
  const cuts = [...new Set([from, to, ...known.flatMap((k) => [k.from, k.to])])]
    .filter((t) => t >= from && t <= to)
    .sort();
  const pieces = cuts.slice(0, -1).map((start, index): RulesInterval => {
    const end = cuts[index + 1] ?? to;
    // The earliest look that reaches over the whole piece saw it from nearest.
    const by = known.find((k) => k.from <= start && k.to >= end && k.from < k.to);
    return { from: start, to: end, rules: by?.rules ?? { known: false, reason: unknownReason(looks, start, gap) } };
  });
  return pieces.reduce<RulesInterval[]>((merged, piece) => {
    const last = merged.at(-1);
    if (last && saysOf(last.rules) === saysOf(piece.rules)) merged[merged.length - 1] = { ...last, to: piece.to };
    else merged.push(piece);
    return merged;
  }, []);
}

const saysOf = (rules: RulesAt): number | string => (rules.known ? rules.record : rules.reason);

/** The rules at one instant, by the same crediting as {@link rulesTimeline}. */
export function rulesAt(
  looks: readonly Look[],
  at: string,
  history: readonly RulesInterval[] = [],
  gap: RulesGap = () => undefined,
): RulesAt {
  const [first] = rulesTimeline(looks, at, secondAfter(at), history, gap);
  return first?.rules ?? { known: false, reason: unknownReason(looks, at, gap) };
}

const secondAfter = (at: string): string => new Date(Date.parse(at) + 1000).toISOString().replace(".000Z", "Z");

/** Why nothing is credited at an instant: by the first look after it, or by there being none. */
function unknownReason(looks: readonly Look[], at: string, gap: RulesGap): string {
  const last = looks.at(-1);
  if (!last) return `the branch's rules were not read${because(gap(at))}`;
  const next = looks.findIndex((look) => look.at >= at);
  const look = looks[next];
  if (!look)
    return `the rules were last read at ${last.at}, and what was in force after that was not observed${because(gap(at))}`;
  const guarding = look.protection.rules.filter(mayGuard);
  if (guarding.length === 0) {
    const none = `no active rule was seen when looking at ${look.at}${look.partial ? because(gap(look.at)) : ""}`;
    const before = looks[next - 1];
    return before?.protection.rules.some(mayGuard)
      ? `${none}, and others at ${before.at}; what was in force between was not observed`
      : `${none}, and no earlier look says what was in force before`;
  }
  if (guarding.some((rule) => rule.updatedAt === null))
    return "the source does not say when the rules last changed, so what a look saw is credited for that moment only";
  const changed = vouchesSince(look, []);
  return changed > at
    ? `the rules seen at ${look.at} last changed at ${changed}; what was in force before was not observed`
    : `the rules seen at ${look.at} are said to have last changed at ${changed}, but an earlier look saw others; what was in force between was not observed`;
}

const because = (why: string | undefined): string => (why === undefined ? "" : ` (${why})`);
