import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import type { RulesAt } from "../model/dossier.ts";
import { activeRules, bypassText } from "./shared/rules.ts";
import { fail, listed, notVerifiable, pass } from "./shared/verdicts.ts";

/** What a branch lacks to be protected; empty when nothing. */
function missing(rules: Extract<RulesAt, { known: true }>): readonly string[] {
  const active = activeRules(rules);
  if (active.length === 0) return ["no active rule guarded the branch"];
  return [
    active.some((rule) => rule.changeRequired) ? "" : "commits could be pushed without a change",
    active.some((rule) => rule.forcePushBlocked) ? "" : "history could be rewritten by force",
  ].filter(Boolean);
}

/** Active rules demanded a change and forbade force pushes in every interval of the period; one that was not observed is credited to nobody. */
export const branchProtected = defineAttribute({
  id: "branch-protected",
  letter: "L",
  title: "The branch was protected throughout",
  subject: "configuration",
  requires: ["protection"],
  params: z.object({}),
  test({ branch, intervals }) {
    const known = intervals.flatMap(({ from, to, rules }) => (rules.known ? [{ from, to, rules }] : []));
    const weak = known.flatMap(({ from, to, rules }) => {
      const lacks = missing(rules);
      return lacks.length > 0 ? [{ record: rules.record, text: `from ${from} to ${to} ${listed(lacks)}` }] : [];
    });
    if (weak.length > 0)
      return fail(`${branch} was not protected throughout: ${listed(weak.map(({ text }) => text))}.`, ...weak);
    const unseen = intervals.flatMap(({ from, to, rules }) =>
      rules.known ? [] : [`from ${from} to ${to} (${rules.reason})`],
    );
    const records = known.map(({ rules }) => rules);
    if (unseen.length > 0 || known.length === 0)
      return notVerifiable(`The rules of ${branch} were not observed ${listed(unseen) || "at all"}.`, ...records);
    const all = known.flatMap(({ rules }) => activeRules(rules));
    const approvals = Math.min(
      ...known.map(({ rules }) => Math.max(...activeRules(rules).map((rule) => rule.approvals))),
    );
    const weakness = [
      approvals === 0 ? "they demand no approval, so reviews are tested change by change" : "",
      bypassText(all),
    ].filter(Boolean);
    const names = [...new Set(all.map(({ name }) => name))];
    const span = `from ${intervals[0]?.from} to ${intervals.at(-1)?.to}`;
    return pass(
      `${branch} was guarded ${span} by ${listed(names)}${weakness.length > 0 ? `; ${listed(weakness)}` : ""}.`,
      ...records,
    );
  },
});
