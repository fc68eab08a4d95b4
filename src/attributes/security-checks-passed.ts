import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import { checksParam, checkVerdict } from "./shared/checks.ts";
import { notApplicable } from "./shared/verdicts.ts";

/** Every security check that policy names had succeeded on the change's head when it was merged. */
export const securityChecksPassed = defineAttribute({
  id: "security-checks-passed",
  letter: "I",
  title: "The security checks passed on the commit that was merged",
  subject: "change",
  requires: ["changes", "checks"],
  params: z.object({ securityChecks: checksParam }),
  test(dossier, { securityChecks }) {
    if (securityChecks.length === 0) return notApplicable("Policy names no security check.", dossier.change);
    return checkVerdict(dossier, securityChecks, "demanded by policy");
  },
});
