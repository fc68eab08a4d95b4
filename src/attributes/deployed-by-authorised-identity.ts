import { z } from "zod";
import type { Verdict } from "../model/attribute.ts";
import { defineAttribute } from "../model/attribute.ts";
import type { DeploymentDossier } from "../model/dossier.ts";
import { actorName } from "../model/dossier.ts";
import type { Actor, EntityOf } from "../model/entity.ts";
import { isAccount, isNamed } from "./shared/automation.ts";
import { selfReported } from "./shared/deployments.ts";
import { fail, listed, notVerifiable, pass } from "./shared/verdicts.ts";

/** The deployment was made by an account that policy allows to, or else by automation; a person's record of one is that person's own word. */
export const deployedByAuthorisedIdentity = defineAttribute({
  id: "deployed-by-authorised-identity",
  letter: "H",
  title: "The deployment was made by an authorised identity",
  subject: "deployment",
  requires: ["deployments"],
  params: z.object({ deployers: z.array(z.string()).default([]) }),
  test(dossier, { deployers }) {
    const { deployment, identities, source, succeededAt } = dossier;
    const { creator, origin } = deployment;
    if (origin?.from === "workflow") return byJob(dossier, origin, deployers);
    if (!creator)
      return notVerifiable(`Who made deployment ${deployment.id} is not recorded: the account is deleted.`, deployment);
    const by = origin?.from === "import" ? nameInList(creator) : undefined;
    const kind = (by === undefined ? identities.ofActor(source, creator) : identities.ofName(by))?.kind;
    const did = `${actorName(creator)} made deployment ${deployment.id} to ${deployment.environment}, which succeeded at ${succeededAt}${selfReported(deployment)}`;
    const named = deployers.find(
      (account) =>
        (by === undefined ? isAccount(source, creator, account) : isNamed(by, account)) &&
        (kind === "automation" || !account.endsWith("[bot]")),
    );
    if (named) return pass(`${did}; policy names that account.`, deployment);
    if (deployers.length > 0) {
      // The same account may bear another name in the list than at its source.
      const proves = kind !== undefined || by !== accountOfList(creator.login) || deployers.every(isOfList);
      if (proves) return fail(`${did}; policy allows only ${listed(deployers)}.`, deployment);
      return notVerifiable(
        `${did}; policy allows only ${listed(deployers)}, and the list does not say of which source ${creator.login} is an account: write it as source:login there, or declare ${by}.`,
        deployment,
      );
    }
    if (kind === "automation") return pass(`${did}, as automation.`, deployment);
    if (kind === "person")
      return fail(`${did}: self-asserted by a person, where policy expects automation.`, deployment);
    return notVerifiable(`${did}; whether that account is automation is not known.`, deployment);
  },
});

const accountOfList = (name: string): string => `import:${name}`;
const isOfList = (account: string): boolean => account.startsWith(accountOfList(""));

/** The account that a list names: `github:ada` as it stands, a bare `argocd` as an account of the list's own, `import:argocd`. */
const nameInList = ({ login }: Actor): string => (/^[^:\s]+:[^:\s]+$/.test(login) ? login : accountOfList(login));

type Job = Extract<NonNullable<EntityOf<"deployment">["origin"]>, { from: "workflow" }>;

/** A job deploys as automation, whoever started its run; policy may name either. */
function byJob(
  { deployment, identities, source, succeededAt }: DeploymentDossier,
  { workflow, job, automation }: Job,
  deployers: readonly string[],
): Verdict {
  const { creator, environment, id } = deployment;
  const runner: Actor = { id: "", login: automation, kind: "automation" };
  const starter = creator ? `started by ${actorName(creator)}` : "whose starter is not on record";
  const did = `The job ${job} of ${workflow}, in run ${id}, ${starter}, deployed to ${environment}, which succeeded at ${succeededAt}`;
  if (deployers.length === 0) return pass(`${did}: as automation.`, deployment);
  const isStarter = (account: string) =>
    creator !== null &&
    isAccount(source, creator, account) &&
    (identities.ofActor(source, creator).kind === "automation" || !account.endsWith("[bot]"));
  const named = deployers.find((account) => isAccount(source, runner, account) || isStarter(account));
  if (named) return pass(`${did}; policy names ${named}.`, deployment);
  if (!creator) return notVerifiable(`${did}; policy allows only ${listed(deployers)}.`, deployment);
  return fail(`${did}; policy allows only ${listed(deployers)}.`, deployment);
}
