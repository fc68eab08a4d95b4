import { z } from "zod";
import type { Verdict } from "../model/attribute.ts";
import { defineAttribute } from "../model/attribute.ts";
import type { DeploymentDossier } from "../model/dossier.ts";
import { actorName } from "../model/dossier.ts";
import type { Actor, DeploymentApproval, Seen } from "../model/entity.ts";
import { isSameEnvironment } from "../model/environment-name.ts";
import { fail, listed, notApplicable, notVerifiable, pass } from "./shared/verdicts.ts";

/** Where a system is gated, a person who did not start the deployment approved it, and the environment let nobody go on without. */
export const deploymentApproved = defineAttribute({
  id: "deployment-approved",
  letter: "M",
  title: "The deployment was approved by hand where its system is gated",
  subject: "deployment",
  requires: ["deployments"],
  considers: ["environments", "pipelineRuns"],
  params: z.object({}),
  test(dossier) {
    const { deployment, profile, environment, run } = dossier;
    if (profile !== "gated") return ungated(dossier);
    if (!environment)
      return notVerifiable(
        `What ${deployment.environment} demanded before deployment ${deployment.id} is not known: nobody had looked yet.`,
        deployment,
      );
    const lapse = lapseOf(dossier, environment);
    if (lapse) return lapse;
    if (!run)
      return notVerifiable(
        `Which pipeline run made deployment ${deployment.id}, and who approved it, is not in the evidence.`,
        deployment,
        environment,
      );
    return judgeApprovers(dossier, environment, run);
  },
});

type Environment = NonNullable<DeploymentDossier["environment"]>;

/** The gate is not tested where policy asks for none; what stands there all the same is told. */
function ungated({ deployment, environment, approvals }: DeploymentDossier): Verdict {
  const given = approvals.filter(
    (one) => one.state === "approved" && isSameEnvironment(one.environment, deployment.environment),
  );
  const reviewed = environment !== undefined && environment.reviewers.length > 0;
  const reviewers = reviewed
    ? `; its environment nevertheless names reviewers (${listed(environment.reviewers)}), as seen at ${environment.observedAt}`
    : "";
  const names = listed([...new Set(given.map(({ by }) => actorName(by)))]);
  const approved = given.length > 0 ? ` ${names} approved its pipeline run for ${deployment.environment}.` : "";
  return notApplicable(
    `Policy declares the system continuous, so this gate is not tested${reviewers}.${approved}`,
    deployment,
    reviewed ? environment : undefined,
    ...given,
  );
}

/** What the environment's own rules lack; undefined where they make somebody else approve. */
function lapseOf({ deployment }: DeploymentDossier, environment: Environment): Verdict | undefined {
  const seen = `as seen at ${environment.observedAt}`;
  if (environment.reviewers.length === 0)
    return fail(
      `${environment.name} demanded nobody's approval of deployment ${deployment.id}, ${seen}.`,
      deployment,
      environment,
    );
  if (environment.selfApprovalPrevented === false)
    return fail(
      `${environment.name} let whoever started deployment ${deployment.id} approve it, ${seen}.`,
      deployment,
      environment,
    );
  if (environment.selfApprovalPrevented === null)
    return notVerifiable(
      `Whether ${environment.name} let whoever started deployment ${deployment.id} approve it is not readable.`,
      deployment,
      environment,
    );
  return undefined;
}

function judgeApprovers(
  { deployment, approvals, identities, source, succeededAt }: DeploymentDossier,
  environment: Environment,
  run: NonNullable<DeploymentDossier["run"]>,
): Verdict {
  const partyOf = (actor: Actor) => identities.ofActor(source, actor);
  const starters = [run.by, run.startedBy, deployment.creator];
  const started = new Set(starters.flatMap((actor) => (actor ? [partyOf(actor).id] : [])));
  const own = approvals.filter((one) => one.environment === environment.name && one.state !== "rejected");
  const basis = [deployment, environment, run, ...own];
  const given = own.filter(({ state }) => state === "approved");
  const weighed = (test: (actor: Actor) => boolean) => given.filter(({ by }) => by !== null && test(by));
  const byOthers = weighed((by) => partyOf(by).kind === "person" && !started.has(partyOf(by).id));
  const names = (some: readonly Seen<DeploymentApproval>[]) => listed(some.map(({ by }) => actorName(by)));
  const what = `deployment ${deployment.id} to ${environment.name}, which succeeded at ${succeededAt}`;
  const starter = listed([...new Set([run.by, run.startedBy].flatMap((actor) => (actor ? [actorName(actor)] : [])))]);
  // A deleted account that started it may be the approver.
  const unknownStarter = run.by === null || run.startedBy === null;
  if (byOthers.length > 0 && !unknownStarter) {
    const mayBypass = environment.administratorsMayBypass ? " Administrators may pass the environment's rules by." : "";
    return pass(
      `${names(byOthers)} approved ${what}; ${starter} had started it. ${listed(environment.reviewers)} must approve there, as seen at ${environment.observedAt}.${mayBypass}`,
      ...basis,
    );
  }
  if (byOthers.length > 0)
    return notVerifiable(`${names(byOthers)} approved ${what}, but who started it is not on record.`, ...basis);
  const doubtful = own.filter(({ by, state }) => state === "unknown" || by === null || partyOf(by).kind === "unknown");
  if (doubtful.length > 0)
    return notVerifiable(`Who approved ${what}, or whether anybody did, cannot be said.`, ...basis);
  if (given.length > 0)
    return fail(
      `Only ${names(given)} approved ${what}: whoever starts a deployment, and automation, cannot.`,
      ...basis,
    );
  return fail(`Nobody approved ${what}${starter ? `; ${starter} started it` : ""}.`, ...basis);
}
