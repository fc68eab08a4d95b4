import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import { actorName } from "../model/dossier.ts";
import { automationParam, entryOfAuthor } from "./shared/automation.ts";
import { fail, listed, notApplicable, pass } from "./shared/verdicts.ts";

/** A work item was linked to the change before it merged: linkage only, no proof that anybody authorised it. */
export const requestLinked = defineAttribute({
  id: "request-linked",
  letter: "A",
  title: "The change is linked to a request",
  subject: "change",
  requires: ["changes", "workItems"],
  params: z.object({ requestLink: z.enum(["required", "off"]).default("off"), automation: automationParam }),
  test(dossier, params) {
    const { change, workItems } = dossier;
    if (params.requestLink === "off") return notApplicable("Policy asks for no link to a request.", change);
    if (entryOfAuthor(dossier, params.automation))
      return notApplicable(
        `Made by ${actorName(change.author)}, automation that policy names: its update is the request.`,
        change,
      );
    const before = workItems.filter(({ createdAt }) => createdAt <= change.mergedAt);
    if (before.length > 0) {
      const items = before.map(({ workItem, author }) => `${workItem} (by ${actorName(author)})`);
      return pass(
        `Linked to ${listed(items)}, created before the merge; the link shows where the change comes from, not who authorised it.`,
        change,
        ...before,
      );
    }
    const late = workItems.map(({ workItem, createdAt }) => `${workItem}, created only at ${createdAt}`);
    const only = late.length > 0 ? `; only to ${listed(late)}` : "";
    return fail(`Linked to no work item that existed at the merge at ${change.mergedAt}${only}.`, change, ...workItems);
  },
});
