import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import { actorName } from "../model/dossier.ts";
import { linksAtMerge } from "./shared/at-merge.ts";
import { automationParam, entryOfAuthor, refusalOf } from "./shared/automation.ts";
import { fail, listed, notApplicable, notVerifiable, pass } from "./shared/verdicts.ts";

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
    const entry = entryOfAuthor(dossier, params.automation);
    const refused = entry && refusalOf(dossier, entry);
    if (entry && refused === undefined)
      return notApplicable(
        `Made by ${actorName(change.author)}, automation that policy names: its update is the request.`,
        change,
      );
    const { standing, open, late, readAt, basis } = linksAtMerge(dossier);
    const refusal = refused === undefined ? "" : ` No exemption of ${actorName(change.author)} holds: ${refused}.`;
    if (standing.length > 0) {
      const items = standing.map(({ workItem, author }) => `${workItem} (by ${actorName(author)})`);
      const read = readAt === undefined ? "" : `, as first read at ${readAt}`;
      return pass(
        `Linked to ${listed(items)}, created before the merge${read}; the link shows where the change comes from, not who authorised it.${refusal}`,
        change,
        ...standing,
        ...basis,
      );
    }
    if (open.length > 0) {
      const items = listed(open.map(({ workItem }) => workItem));
      const edited = change.editedAt ? ` Its description was edited at ${change.editedAt}.` : "";
      return notVerifiable(
        `Linked to ${items}; whether it was at the merge at ${change.mergedAt}, nothing that was read tells.${edited}${refusal}`,
        change,
        ...open,
        ...basis,
      );
    }
    const only = late.length > 0 ? `; only to ${listed(late)}` : "";
    return fail(
      `Linked to no work item that existed at the merge at ${change.mergedAt}${only}.${refusal}`,
      change,
      ...workItems,
      ...basis,
    );
  },
});
