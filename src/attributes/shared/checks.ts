import { z } from "zod";
import type { Verdict } from "../../model/attribute.ts";
import type { ChangeDossier } from "../../model/dossier.ts";
import { actorName } from "../../model/dossier.ts";
import type { Check, Seen } from "../../model/entity.ts";
import { isUnnamedApp } from "../../model/unnamed-app.ts";
import type { Basis } from "./verdicts.ts";
import { byTimeThenId, fail, listed, notVerifiable, pass, short } from "./verdicts.ts";

/** Checks that policy names. */
export const checksParam = z.array(z.object({ name: z.string(), app: z.string().optional() })).default([]);

/** A check that must have passed on a change's head; `app` pins who must have run it. */
export interface CheckDemand {
  readonly name: string;
  readonly app?: string | null | undefined;
}

/** What the evidence says of one demanded check. */
export interface CheckFinding {
  readonly outcome: "pass" | "fail" | "notVerifiable";
  readonly text: string;
  readonly basis: readonly Basis[];
}

const reporter = (check: Check): string =>
  check.app ?? (check.setBy ? `a status that ${actorName(check.setBy)} set` : "a status");
const group = (check: Check): string => check.app ?? "(status)";

/** Judges one check by its last run on the head that had completed at the merge; every attempt is told, none but the last of its suite counts. `accepted` are the conclusions that satisfy beside success. */
export function judgeCheck(
  dossier: ChangeDossier,
  demand: CheckDemand,
  accepted: readonly Check["conclusion"][] = [],
): CheckFinding {
  const { headOid } = dossier.change;
  const named = dossier.checks
    .filter((check) => check.oid === headOid && check.name === demand.name)
    .toSorted(byTimeThenId((check) => check.completedAt));
  const title = `${demand.name}${demand.app ? ` (${demand.app})` : ""}`;
  const runs = demand.app ? named.filter((check) => check.app === demand.app) : named;
  if (runs.length === 0) {
    const others =
      named.length > 0
        ? `only ${listed([...new Set(named.map(reporter))])} reported one of that name`
        : "it never ran on it";
    if (isUnnamedApp(demand.app) && named.some(({ app }) => app !== null))
      return {
        outcome: "notVerifiable",
        text: `${title} on ${short(headOid)}: which app that is, the evidence does not name; ${others}`,
        basis: [dossier.change.record, ...named],
      };
    return {
      outcome: "fail",
      text: `${title} is missing on ${short(headOid)}: ${others}`,
      basis: [dossier.change.record, ...named],
    };
  }
  // A platform demands every reporter of an unpinned name, and every suite of one reporter, to succeed, and so do we.
  const current = runs.filter((check) => check.attempt === null);
  const suites = [...Map.groupBy(current, suiteOf).values()];
  const due = suites.filter((own) => own.some((check) => !startedAfter(check, dossier.change.mergedAt)));
  const judged = due.length > 0 ? due : suites;
  const findings = judged.length > 0 ? judged.map((own) => judgeRuns(dossier, own, accepted)) : [onlyEarlier(dossier)];
  const grave = gravest(findings);
  const attempts = runs.length > 1 ? ` (attempts: ${runs.map(attempt).join(", ")})` : "";
  const weakness = demand.app
    ? ""
    : `, by ${listed([...new Set(runs.map(reporter))])}: no app is pinned, so anyone who can write could have reported it`;
  const text = grave ? `${title} ${grave.text}${attempts}` : `${title} ${findings[0]?.text}${attempts}${weakness}`;
  return { outcome: grave?.outcome ?? "pass", text, basis: runs };
}

const suiteOf = (check: Check): string => JSON.stringify([group(check), check.suite]);

/** A suite that nobody had begun at the merge cannot have been waited for. */
const startedAfter = ({ startedAt }: Check, at: string): boolean => startedAt !== null && startedAt > at;

const onlyEarlier = ({ change }: ChangeDossier): Omit<CheckFinding, "basis"> => ({
  outcome: "notVerifiable",
  text: `has only earlier attempts on record on ${short(change.headOid)}; how the last one ended is not in the evidence`,
});

/** The files that define a demanded check and that the change itself edits. */
function editedWorkflows(dossier: ChangeDossier, demands: readonly CheckDemand[]): readonly string[] {
  const names = new Set(demands.map(({ name }) => name));
  const files = dossier.checks.flatMap((check) => (names.has(check.name) && check.workflow ? [check.workflow] : []));
  return [...new Set(files)].filter((file) => dossier.paths.includes(file)).sort();
}

const attempt = (check: Check): string => `${check.conclusion} at ${check.completedAt ?? "no known time"}`;

function judgeRuns(
  dossier: ChangeDossier,
  runs: readonly Seen<Check>[],
  accepted: readonly Check["conclusion"][],
): Omit<CheckFinding, "basis"> {
  const { headOid, mergedAt } = dossier.change;
  const on = `on ${short(headOid)}`;
  const last = runs.findLast((check) => check.completedAt !== null && check.completedAt <= mergedAt);
  if (!last) {
    if (runs.some((check) => check.completedAt === null && check.conclusion !== "running"))
      return { outcome: "notVerifiable", text: `has no known time of completion ${on}` };
    const after = runs.find((check) => check.completedAt !== null);
    return {
      outcome: "fail",
      text: after
        ? `completed ${on} only at ${after.completedAt}, after the merge at ${mergedAt}`
        : `had not completed ${on} at the merge`,
    };
  }
  if (last.conclusion === "success") return { outcome: "pass", text: `succeeded ${on} at ${last.completedAt}` };
  if (accepted.includes(last.conclusion))
    return { outcome: "pass", text: `ended as ${last.conclusion} ${on}, which the rule takes for success` };
  if (last.conclusion === "unknown" || last.conclusion === "running")
    return { outcome: "notVerifiable", text: `ended ${on} with a conclusion that is not known` };
  if (last.conclusion === "skipped" || last.conclusion === "neutral")
    return { outcome: "fail", text: `was not performed ${on}: it ended as ${last.conclusion} at ${last.completedAt}` };
  return { outcome: "fail", text: `ended as ${last.conclusion} ${on} at ${last.completedAt}, before the merge` };
}

/** The verdict on all demanded checks: one that fails decides, then one that cannot be told. */
export function checkVerdict(
  dossier: ChangeDossier,
  demands: readonly CheckDemand[],
  by: string,
  ...basis: readonly Basis[]
): Verdict {
  const findings = demands.map((demand) => judgeCheck(dossier, demand));
  const decisive = gravest(findings);
  const shown = decisive ? findings.filter(({ outcome }) => outcome === decisive.outcome) : findings;
  const verdict = { pass, fail, notVerifiable }[decisive?.outcome ?? "pass"];
  const edited = editedWorkflows(dossier, demands);
  const flag = edited.length > 0 ? ` The change itself edits ${listed(edited)}, by which it was checked.` : "";
  const text = `Checks ${by}: ${shown.map((finding) => finding.text).join("; ")}.${flag}`;
  return verdict(text, ...basis, ...findings.flatMap((finding) => finding.basis));
}

/** The finding that decides, unless all pass. */
export function gravest<T extends { readonly outcome: string }>(findings: readonly T[]): T | undefined {
  return (
    findings.find(({ outcome }) => outcome === "fail") ?? findings.find(({ outcome }) => outcome === "notVerifiable")
  );
}
