import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import { activeRules } from "./shared/rules.ts";
import { fail, listed, notApplicable, notVerifiable, pass } from "./shared/verdicts.ts";

const isAdministrators = (name: string): boolean => /\badmin(istrator)?s?\b/i.test(name);

/** No rule in force lets administrators pass it by, at any time of the period that was observed. */
export const rulesBindAdministrators = defineAttribute({
  id: "rules-bind-administrators",
  letter: "O",
  title: "The rules bind administrators, unless policy lets them pass",
  subject: "configuration",
  requires: ["protection"],
  considers: ["commits"],
  params: z.object({ administratorBypass: z.enum(["forbidden", "allowed"]).default("forbidden") }),
  test({ branch, intervals }, { administratorBypass }) {
    const known = intervals.flatMap(({ from, to, rules }) => (rules.known ? [{ from, to, rules }] : []));
    const records = known.map(({ rules }) => rules);
    const exempt = known.flatMap(({ from, to, rules }) => {
      const names = activeRules(rules).flatMap(({ name, bypass }) =>
        bypass.filter(isAdministrators).map((who) => `${who} could pass "${name}" by from ${from} to ${to}`),
      );
      return names.map((text) => ({ record: rules.record, text }));
    });
    if (administratorBypass === "allowed") {
      const who = exempt.length > 0 ? `: ${listed([...new Set(exempt.map(({ text }) => text))])}` : "";
      return notApplicable(
        `Policy lets administrators pass the rules of ${branch} by${who}; each use is tested change by change.`,
        ...records,
      );
    }
    if (exempt.length > 0)
      return fail(
        `The rules of ${branch} did not bind everybody: ${listed(exempt.map(({ text }) => text))}.`,
        ...exempt,
      );
    const active = known.flatMap(({ rules }) => activeRules(rules));
    const unseen = intervals.find(({ rules }) => !rules.known);
    if (active.length === 0 || unseen)
      return notVerifiable(
        `Whom the rules of ${branch} bound ${unseen ? `from ${unseen.from} to ${unseen.to} ` : ""}was not observed.`,
        ...records,
      );
    if (active.some(({ bypassReadable }) => !bypassReadable))
      return notVerifiable(`Who may pass the rules of ${branch} by could not be read.`, ...records);
    const others = [...new Set(active.flatMap(({ bypass }) => bypass))];
    const told = others.length > 0 ? ` Who could pass one by, which is not tested here: ${listed(others)}.` : "";
    return pass(`No rule of ${branch} exempted administrators in the period.${told}`, ...records);
  },
});
