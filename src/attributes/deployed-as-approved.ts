import { defineAttribute } from "../model/attribute.ts";
import type { DeployedCommit, DeploymentDossier } from "../model/dossier.ts";
import { approvedBySomeoneIndependent } from "./approved-by-someone-independent.ts";
import { approvedOnFinalRevision } from "./approved-on-final-revision.ts";
import { selfReported } from "./shared/deployments.ts";
import { testOnWholeEvidence } from "./shared/gate.ts";
import type { ReviewParams } from "./shared/review-policy.ts";
import { approvedOnlyAfter, reviewParams } from "./shared/review-policy.ts";
import type { Basis } from "./shared/verdicts.ts";
import { fail, listed, notApplicable, notVerifiable, pass, plural, short } from "./shared/verdicts.ts";

interface Finding {
  readonly outcome: "pass" | "fail" | "notVerifiable";
  readonly text: string;
  readonly due?: string | undefined;
  /** When the change was approved, where that was only after it ran. */
  readonly late?: string | undefined;
  readonly basis: readonly Basis[];
}

/** Everything that a deployment brought to production since the one before it was approved as policy asks: before it ran or, where policy gives time for that, afterwards. */
export const deployedAsApproved = defineAttribute({
  id: "deployed-as-approved",
  letter: "G",
  title: "What was deployed was approved as policy asks",
  subject: "deployment",
  requires: ["deployments", "commits", "changes"],
  considers: ["releases"],
  params: reviewParams,
  test(dossier, params) {
    const { deployment, onBranch, offLine, deployedBefore, brought, succeededAt, movedTag } = dossier;
    const what = `${short(deployment.oid)}, deployed to ${deployment.environment} at ${succeededAt}${selfReported(deployment)},`;
    if (movedTag.length > 0)
      return fail(
        `${what} was named by tag ${movedTag[0]?.name}, which was moved: ${listed(movedTag.map((tag) => `${short(tag.oid)} (seen at ${tag.observedAt})`))}.`,
        deployment,
        ...movedTag,
      );
    if (offLine)
      return notVerifiable(
        `${what} is an ancestor of the released branch but was never its tip: what was approved there need not be what it holds.`,
        deployment,
      );
    if (onBranch === undefined)
      return notVerifiable(
        `Whether ${what} is on the released branch cannot be said: the commits known do not reach it.`,
        deployment,
      );
    if (!onBranch)
      return fail(`${what} is not on the released branch, so no approval of a change covers it.`, deployment);
    if (deployedBefore)
      return notApplicable(
        `${what} is judged with deployment ${deployedBefore.id}, which had deployed the same commit at ${deployedBefore.createdAt}: nothing new came with it.`,
        deployment,
        deployedBefore,
      );
    if (!brought)
      return notVerifiable(
        `What ${what} brought cannot be said: where the deployment before it stood is not known.`,
        deployment,
        ...prior(dossier),
      );

    const judged = brought.length > 0 ? brought : (dossier.standsAt ?? []);
    const findings = judged.map((commit) => judge(commit, succeededAt, params));
    const bad = (outcome: Finding["outcome"]) => findings.filter((finding) => finding.outcome === outcome);
    const [failed, open] = [bad("fail"), bad("notVerifiable")];
    const basis = [deployment, ...prior(dossier)];
    const has = brought.length > 0 ? "brought" : "went back to";
    if (failed.length > 0)
      return fail(`${what} ${has} ${texts(failed)}.`, ...basis, ...failed.flatMap((one) => one.basis));
    if (open.length > 0) {
      const verdict = notVerifiable(`${what} ${has} ${texts(open)}.`, ...basis, ...open.flatMap((one) => one.basis));
      const due = open.every((one) => one.due)
        ? open
            .flatMap((one) => one.due ?? [])
            .sort()
            .at(-1)
        : undefined;
      return due ? { ...verdict, due } : verdict;
    }
    const changes = [...new Set(judged.flatMap(({ change }) => (change ? [`#${change.change.number}`] : [])))];
    const commits = plural(new Set(brought.map(({ oid }) => oid)).size, "commit");
    const covered =
      brought.length > 0
        ? `brought ${commits} by ${listed(changes)}, each approved as policy asks`
        : `brought no commit that was not deployed before${changes.length > 0 ? `; its own came by ${listed(changes)}, approved as policy asks` : ""}`;
    const late = [...new Set(findings.flatMap((one) => (one.late ? [`${one.text} only at ${one.late}`] : [])))];
    const afterwards = late.length > 0 ? `, ${listed(late)}, after it ran, within the time policy allows` : "";
    return pass(
      `${what} is on the released branch and ${covered}${afterwards}.`,
      ...basis,
      ...findings.flatMap((one) => one.basis),
    );
  },
});

const prior = ({ previous }: DeploymentDossier): readonly Basis[] => [previous];
const texts = (findings: readonly Finding[]): string => [...new Set(findings.map(({ text }) => text))].join("; ");

function judge({ oid, record, reached, change }: DeployedCommit, succeededAt: string, params: ReviewParams): Finding {
  if (!change)
    return { outcome: "fail", text: `commit ${short(oid)}, which no merged change explains`, basis: [record] };
  const name = `#${change.change.number}`;
  // An approval that was still to come, or still to lead to a merge, allowed nothing yet.
  if (reached.from > succeededAt)
    return {
      outcome: "fail",
      text: `${name}, which reached the released branch only at ${reached.from}, after the deployment succeeded at ${succeededAt}`,
      basis: [record, change.change],
    };
  const verdicts = [approvedBySomeoneIndependent, approvedOnFinalRevision].map((attribute) => ({
    ...testOnWholeEvidence(attribute, change, params),
    letter: attribute.letter,
  }));
  const failed = verdicts.find(({ outcome }) => outcome === "fail");
  if (failed)
    return {
      outcome: "fail",
      text: `${name}, which was not approved as policy asks (${failed.letter})`,
      basis: [record, ...failed.evidence],
    };
  const open = verdicts.filter(({ outcome }) => outcome === "notVerifiable");
  if (change.otherBase !== undefined)
    return {
      outcome: "notVerifiable",
      text: `${name}, which was merged to ${change.otherBase} and is not shown to have reached the released branch by that merge`,
      basis: [record, change.change, ...open.flatMap(({ evidence }) => evidence)],
    };
  if (open.length === 0) {
    const exempt = verdicts.every(({ outcome }) => outcome === "notApplicable");
    const late = exempt ? undefined : approvedOnlyAfter(change, params, succeededAt);
    const approval = late ? verdicts.flatMap(({ evidence }) => evidence) : [];
    return { outcome: "pass", text: name, late, basis: [record, change.change, ...approval] };
  }
  const due = open.every((verdict) => verdict.due) ? open[0]?.due : undefined;
  return {
    outcome: "notVerifiable",
    text: `${name}, whose approval is not verifiable${due ? ` until ${due}` : ""}`,
    due,
    basis: [record, ...open.flatMap(({ evidence }) => evidence)],
  };
}
