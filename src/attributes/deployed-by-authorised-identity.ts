import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import { actorName } from "../model/dossier.ts";
import { isAccount } from "./shared/automation.ts";
import { fail, listed, notVerifiable, pass } from "./shared/verdicts.ts";

/** The deployment was made by an account that policy allows to, or else by automation; a person's record of one is that person's own word. */
export const deployedByAuthorisedIdentity = defineAttribute({
  id: "deployed-by-authorised-identity",
  letter: "H",
  title: "The deployment was made by an authorised identity",
  subject: "deployment",
  requires: ["deployments"],
  params: z.object({ deployers: z.array(z.string()).default([]) }),
  test({ deployment, identities, source, succeededAt }, { deployers }) {
    const { creator } = deployment;
    if (!creator)
      return notVerifiable(`Who made deployment ${deployment.id} is not recorded: the account is deleted.`, deployment);
    const party = identities.ofActor(source, creator);
    const did = `${actorName(creator)} made deployment ${deployment.id} to ${deployment.environment}, which succeeded at ${succeededAt}`;
    const named = deployers.find(
      (account) => isAccount(source, creator, account) && (party.kind === "automation" || !account.endsWith("[bot]")),
    );
    if (named) return pass(`${did}; policy names that account.`, deployment);
    if (deployers.length > 0) return fail(`${did}; policy allows only ${listed(deployers)}.`, deployment);
    if (party.kind === "automation") return pass(`${did}, as automation.`, deployment);
    if (party.kind === "person")
      return fail(`${did}: self-asserted by a person, where policy expects automation.`, deployment);
    return notVerifiable(`${did}; whether that account is automation is not known.`, deployment);
  },
});
