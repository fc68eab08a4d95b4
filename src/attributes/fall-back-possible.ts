import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import { notApplicable, notVerifiable, pass, short } from "./shared/verdicts.ts";

/** When something was deployed, an earlier version that had run in production was there to fall back on. */
export const fallBackPossible = defineAttribute({
  id: "fall-back-possible",
  letter: "K",
  title: "An earlier version was there to fall back on",
  subject: "deployment",
  requires: ["deployments"],
  params: z.object({}),
  test({ deployment, previous, fallBack, brought, deployedBefore }) {
    const what = `${short(deployment.oid)} to ${deployment.environment}`;
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
