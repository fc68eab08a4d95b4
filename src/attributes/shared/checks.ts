import { z } from "zod";
import type { Verdict } from "../../model/attribute.ts";
import type { ChangeDossier } from "../../model/dossier.ts";
import { actorName } from "../../model/dossier.ts";
import type { Check, Seen } from "../../model/entity.ts";
import { isUnnamedApp } from "../../model/unnamed-app.ts";
import { standingRuns } from "./check-attempts.ts";
import type { Basis } from "./verdicts.ts";
import { byTimeThenId, fail, listed, notVerifiable, pass, plural, short } from "./verdicts.ts";

const checkName = z.object({ name: z.string(), app: z.string().optional() });
/** Checks that policy names, or an objective with the checks of which any serves it. */
export const checkDemands = z.array(
  z.union([z.object({ objective: z.string(), anyOf: z.array(checkName) }), checkName]),
);
export const checksParam = checkDemands.default([]);

/** A check that must have passed on a change's head; `app` pins who must have run it. */
export interface CheckDemand {
  readonly name: string;
  readonly app?: string | null | undefined;
}

/** An objective that any one of several checks serves. */
export interface Alternatives {
  readonly objective: string;
  readonly anyOf: readonly CheckDemand[];
}

/** What the evidence says of one demanded check. */
export interface CheckFinding {
  readonly outcome: "pass" | "fail" | "notVerifiable";
  readonly text: string;
  readonly basis: readonly Basis[];
}

const reporter = (check: Check): string =>
  check.app ?? (check.setBy ? `a status that ${actorName(check.setBy)} set` : "a status");

/** Judges one check by its runs on the head that stood at the merge, each of which must have succeeded by then; every attempt is told. `accepted` are the conclusions that satisfy beside success. */
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
  const standing = standingRuns(dossier, runs);
  const findings =
    standing.length > 0 ? standing.map((run) => judgeRun(dossier, run, accepted)) : [onlyEarlier(dossier)];
  const grave = gravest(findings);
  const attempts = runs.length > 1 ? ` (attempts: ${runs.map(attempt).join(", ")})` : "";
  const weakness = demand.app
    ? ""
    : `, by ${listed([...new Set(runs.map(reporter))])}: no app is pinned, so anyone who can write could have reported it`;
  const text = grave ? `${title} ${grave.text}${attempts}` : `${title} ${findings[0]?.text}${attempts}${weakness}`;
  return { outcome: grave?.outcome ?? "pass", text, basis: runs };
}

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

function judgeRun(
  dossier: ChangeDossier,
  run: Seen<Check>,
  accepted: readonly Check["conclusion"][],
): Omit<CheckFinding, "basis"> {
  const { headOid, mergedAt } = dossier.change;
  const on = `on ${short(headOid)}`;
  const { conclusion, completedAt } = run;
  if (completedAt === null)
    return conclusion === "running"
      ? { outcome: "fail", text: `had not completed ${on} at the merge` }
      : { outcome: "notVerifiable", text: `has no known time of completion ${on}` };
  if (completedAt > mergedAt)
    return { outcome: "fail", text: `completed ${on} only at ${completedAt}, after the merge at ${mergedAt}` };
  if (conclusion === "success") return { outcome: "pass", text: `succeeded ${on} at ${completedAt}` };
  if (accepted.includes(conclusion))
    return { outcome: "pass", text: `ended as ${conclusion} ${on}, which the rule takes for success` };
  if (conclusion === "unknown" || conclusion === "running")
    return { outcome: "notVerifiable", text: `ended ${on} with a conclusion that is not known` };
  if (conclusion === "skipped" || conclusion === "neutral")
    return { outcome: "fail", text: `was not performed ${on}: it ended as ${conclusion} at ${completedAt}` };
  return { outcome: "fail", text: `ended as ${conclusion} ${on} at ${completedAt}, before the merge` };
}

/** One alternative that passed serves the objective; those that ran and did not pass are said beside it. */
function judgeAlternatives(dossier: ChangeDossier, { objective, anyOf }: Alternatives): CheckFinding {
  const findings = anyOf.map((demand) => ({ ...judgeCheck(dossier, demand), ran: hasRun(dossier, demand) }));
  const good = findings.find(({ outcome }) => outcome === "pass");
  const others = findings.filter((one) => one !== good && (good === undefined || (one.ran && one.outcome !== "pass")));
  const texts = others.map(({ text }) => text);
  const basis = findings.flatMap((finding) => finding.basis);
  if (!good) {
    const open = findings.some(({ outcome }) => outcome === "notVerifiable");
    const text = `for ${objective} none of ${plural(anyOf.length, "alternative")} is shown to have passed (${texts.join("; ")})`;
    return { outcome: open ? "notVerifiable" : "fail", text, basis };
  }
  const beside = texts.length > 0 ? `; beside it ${listed(texts)}` : "";
  return { outcome: "pass", text: `${objective} by ${good.text}${beside}`, basis };
}

const hasRun = ({ checks, change }: ChangeDossier, { name, app }: CheckDemand): boolean =>
  checks.some((check) => check.oid === change.headOid && check.name === name && (!app || check.app === app));

/** The verdict on all demanded checks: one that fails decides, then one that cannot be told. */
export function checkVerdict(
  dossier: ChangeDossier,
  demands: readonly (CheckDemand | Alternatives)[],
  by: string,
  ...basis: readonly Basis[]
): Verdict {
  const findings = demands.map((demand) =>
    "anyOf" in demand ? judgeAlternatives(dossier, demand) : judgeCheck(dossier, demand),
  );
  const decisive = gravest(findings);
  const shown = decisive ? findings.filter(({ outcome }) => outcome === decisive.outcome) : findings;
  const verdict = { pass, fail, notVerifiable }[decisive?.outcome ?? "pass"];
  const edited = editedWorkflows(
    dossier,
    demands.flatMap((demand) => ("anyOf" in demand ? demand.anyOf : [demand])),
  );
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
