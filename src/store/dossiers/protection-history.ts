import { compare } from "../../model/compare.ts";
import type { EntityOf, Rule, Seen } from "../../model/entity.ts";
import { guardsOf, type Look, mayGuard, type RulesInterval } from "./protection-timeline.ts";

type Version = Seen<EntityOf<"ruleVersion">>;

/**
 * What the versions of rule sets say of the time before a look: each stretch between two of them, over which every rule
 * that the look saw is known, by its version or by not having changed since. What no version reaches is left out.
 */
export function rulesHistory(looks: readonly Look[], versions: readonly Version[]): readonly RulesInterval[] {
  const ordered = versions.toSorted((a, b) => compare(a.at, b.at) || compareVersions(a.version, b.version));
  const byRule = Map.groupBy(ordered, ({ rule }) => rule.id);
  return looks.flatMap((look) => {
    if (look.partial) return [];
    const { rules } = look.protection;
    const own = rules.flatMap(({ id }) => byRule.get(id) ?? []).filter(({ at }) => at < look.at);
    const cuts = [...new Set(own.map(({ at }) => at))].sort();
    return cuts.flatMap((from, index): RulesInterval[] => {
      const inForce = rules.map((rule) => ruleAt(rule, byRule.get(rule.id), from));
      if (inForce.includes("unknown")) return [];
      const next = cuts[index + 1];
      // Of a rule set whose history ends before its last change nobody knows how often it was changed.
      if (next === undefined && rules.some((rule) => changedSince(rule, byRule.get(rule.id)))) return [];
      if (own.some((version) => version.at === next && !isNumbered(version))) return [];
      const known = inForce.filter((one) => one !== "unknown");
      const stated = known.map(({ rule }) => rule);
      if (!stated.some(mayGuard) && othersGuarded(looks, look, from)) return [];
      const to = next ?? look.at;
      const youngest = own.findLast(({ at }) => at <= from);
      const record = youngest?.record ?? look.protection.record;
      return [{ from, to, rules: guardsOf(stated, { record, since: from, until: to }) }];
    });
  });
}

function ruleAt(rule: Rule, versions: readonly Version[] | undefined, at: string): { rule: Rule } | "unknown" {
  if (versions) return versions.findLast((version) => version.at <= at) ?? "unknown";
  // What does not guard now is not credited for the past either.
  if (!mayGuard(rule) || (rule.updatedAt !== null && rule.updatedAt <= at)) return { rule };
  return "unknown";
}

/** Whether a version is one of the history's own; otherwise a look made it of what it saw, and others may have gone before. */
const isNumbered = ({ version }: Version): boolean => /^\d+$/.test(version);

const changedSince = ({ updatedAt }: Rule, versions: readonly Version[] | undefined): boolean =>
  versions !== undefined && updatedAt !== null && updatedAt > (versions.at(-1)?.at ?? "");

/** Whether an earlier look saw a guard that this one does not list: it may have stood then, and nobody kept its versions. */
function othersGuarded(looks: readonly Look[], look: Look, at: string): boolean {
  const listed = new Set(look.protection.rules.map(({ id }) => id));
  return looks.some(
    (earlier) =>
      earlier.at < look.at &&
      earlier.protection.rules.some((rule) => mayGuard(rule) && !listed.has(rule.id)) &&
      (earlier.at >= at || !looks.some((between) => between.at > earlier.at && between.at <= at)),
  );
}

const compareVersions = (a: string, b: string): number => a.length - b.length || compare(a, b);
