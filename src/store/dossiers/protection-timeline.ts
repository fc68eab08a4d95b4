import type { RulesAt } from "../../model/dossier.ts";
import type { Protection, Rule, Seen } from "../../model/entity.ts";
import { isUnnamedApp } from "../../model/unnamed-app.ts";
import { canonicalJson } from "../../util/canonical-json.ts";

/** Whether a rule counts as a guard of the released branch: seen active, and by its own patterns meant for it. */
export const guards = (rule: Rule): boolean => rule.enforcement === "active" && rule.appliesToReleasedBranch;

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

const empty = ({ protection, partial }: Look): boolean => !partial && !protection.rules.some(guards);

const contentOf = (rule: Rule): string => canonicalJson({ ...rule, updatedAt: null });

/**
 * From when on a look vouches for what it saw: since the youngest guard last changed, where the source says so for each.
 * Where an earlier look itself saw one of them missing or other than it is, after that change, the date is not believed:
 * the guard is vouched for since the first look after that one.
 */
function vouchesSince(look: Look, earlier: readonly Look[]): string {
  const guarding = look.protection.rules.filter(guards);
  const since = guarding.map((rule) => {
    const content = contentOf(rule);
    const contrary = earlier.findLastIndex(({ protection: { rules }, partial }) => {
      const listed = rules.some(({ id }) => id === rule.id);
      return (listed || !partial) && !rules.some((one) => guards(one) && contentOf(one) === content);
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
 * `history` says what was in force before a look; all else is unobserved.
 */
export function rulesTimeline(
  looks: readonly Look[],
  from: string,
  to: string,
  history: readonly RulesInterval[] = [],
): readonly RulesInterval[] {
  const seen = looks.flatMap((look, index): RulesInterval[] => {
    const rules = look.protection.rules.filter(guards);
    const earlier = looks[index - 1];
    const bothEmpty = empty(look) && earlier !== undefined && empty(earlier);
    const since = bothEmpty ? earlier.at : vouchesSince(look, looks.slice(0, index));
    return [
      {
        from: since,
        to: empty(look) ? secondAfter(look.at) : look.at,
        rules: { known: true, rules, record: look.protection.record, since, until: look.at },
      },
    ];
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
    return { from: start, to: end, rules: by?.rules ?? { known: false, reason: unknownReason(looks) } };
  });
  return pieces.reduce<RulesInterval[]>((merged, piece) => {
    const last = merged.at(-1);
    if (
      last &&
      last.rules.known === piece.rules.known &&
      (!piece.rules.known || (last.rules.known && last.rules.record === piece.rules.record))
    )
      merged[merged.length - 1] = { ...last, to: piece.to };
    else merged.push(piece);
    return merged;
  }, []);
}

/** The rules at one instant, by the same crediting as {@link rulesTimeline}. */
export function rulesAt(looks: readonly Look[], at: string, history: readonly RulesInterval[] = []): RulesAt {
  return rulesTimeline(looks, at, secondAfter(at), history)[0]?.rules ?? { known: false, reason: unknownReason(looks) };
}

const secondAfter = (at: string): string => new Date(Date.parse(at) + 1000).toISOString().replace(".000Z", "Z");

function unknownReason(looks: readonly Look[]): string {
  const last = looks.at(-1);
  if (!last) return "the branch's rules were not read";
  if (!last.protection.rules.some(guards))
    return `no active rule was seen when looking at ${last.at}, and no earlier look says what was in force before`;
  const dated = last.protection.rules.filter(guards).every((rule) => rule.updatedAt !== null);
  return dated
    ? `the rules seen at ${last.at} last changed at ${vouchesSince(last, [])}; what was in force before was not observed`
    : `the source does not say when the rules seen at ${last.at} last changed, so they are credited for that moment only`;
}
