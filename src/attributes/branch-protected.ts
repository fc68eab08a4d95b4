import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import { actorName } from "../model/dossier.ts";
import type { BranchActivity } from "../model/entity.ts";
import { activeRules, bypassText, lackingIn, protectingRules } from "./shared/rules.ts";
import { fail, listed, notVerifiable, pass, short } from "./shared/verdicts.ts";

/** A rewrite of the branch in words: who, when, and both commits. */
const rewriteText = ({ activity, by, at, before, after }: BranchActivity): string =>
  activity === "deleted"
    ? `${actorName(by)} deleted it at ${at}, when it led to ${short(before ?? "")}`
    : `${actorName(by)} rewrote its history by force at ${at}, from ${short(before ?? "")} to ${short(after ?? "")}`;

/** Active rules demanded a change and forbade force pushes in every interval of the period; one that was not observed is credited to nobody. */
export const branchProtected = defineAttribute({
  id: "branch-protected",
  letter: "L",
  title: "The branch was protected throughout",
  subject: "configuration",
  requires: ["protection"],
  considers: ["branchActivity", "commits"],
  params: z.object({}),
  test({ branch, intervals, rewrites, losses }) {
    const protecting = intervals.map((interval) => ({ ...interval, rules: protectingRules(interval.rules) }));
    const known = protecting.flatMap(({ from, to, rules }) => (rules.known ? [{ from, to, rules }] : []));
    const weak = known.flatMap(({ from, to, rules }) => {
      const lacks = lackingIn(rules);
      return lacks.length > 0 ? [{ record: rules.record, text: `from ${from} to ${to} ${listed(lacks)}` }] : [];
    });
    const rewritten = rewrites.map((one) => ({ record: one.record, text: rewriteText(one) }));
    const lost = losses.map(({ at, oid, seenAt, record }) => ({
      record,
      text: `by ${at} it had lost ${short(oid)}, to which it led at ${seenAt}, by no move on record`,
    }));
    const lapses = [...weak, ...rewritten, ...lost];
    if (lapses.length > 0)
      return fail(`${branch} was not protected throughout: ${listed(lapses.map(({ text }) => text))}.`, ...lapses);
    const unseen = protecting.flatMap(({ from, to, rules }) =>
      rules.known ? [] : [`from ${from} to ${to} (${rules.reason})`],
    );
    const records = intervals.flatMap(({ rules }) => (rules.known ? [rules.record] : []));
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
