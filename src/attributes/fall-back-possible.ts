import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import { durationSchema } from "../model/policy.ts";
import { fail, notApplicable, notVerifiable, pass, short } from "./shared/verdicts.ts";

const daysIn = (span: number): string => String(Math.round((span / 86_400_000) * 10) / 10);

/** When something was deployed, an earlier version that had run in production was there to fall back on, deployed no longer before than policy counts on. */
export const fallBackPossible = defineAttribute({
  id: "fall-back-possible",
  letter: "K",
  title: "An earlier version was there to fall back on",
  subject: "deployment",
  requires: ["deployments"],
  params: z.object({
    fallBack: z.object({ within: z.union([z.number().int().positive(), durationSchema]).optional() }).prefault({}),
  }),
  test({ deployment, previous, fallBack, brought, deployedBefore }, { fallBack: { within } }) {
    const what = `${short(deployment.oid)} to ${deployment.environment}`;
    const age = fallBack ? Date.parse(deployment.createdAt) - Date.parse(fallBack.createdAt) : 0;
    if (fallBack && within !== undefined && age > within)
      return fail(
        `Before ${what} at ${deployment.createdAt} the last version to fall back on, ${short(fallBack.oid)}, had been deployed at ${fallBack.createdAt}, ${daysIn(age)} days earlier: policy counts on ${daysIn(within)} days.`,
        deployment,
        fallBack,
      );
    if (fallBack)
      return pass(
        `Before ${what} ran ${short(fallBack.oid)}, a commit of the released branch put there by deployment ${fallBack.id} at ${fallBack.createdAt}: it could be deployed again.`,
        deployment,
        fallBack,
      );
    if (!previous && (brought || deployedBefore))
      return notApplicable(`${what} was the first deployment there.`, deployment);
    if (previous?.oid === deployment.oid)
      return notApplicable(`${what} repeats the only version that was deployed before it.`, deployment, previous);
    const before = previous
      ? `only versions that are not shown to be of the released branch (${short(previous.oid)} last)`
      : "what ran before";
    return notVerifiable(
      `For ${what}, ${before} ${previous ? "were deployed before" : "is not known"}.`,
      deployment,
      previous,
    );
  },
});
