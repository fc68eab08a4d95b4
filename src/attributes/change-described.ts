import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import { actorName } from "../model/dossier.ts";
import { describedAtMerge } from "./shared/at-merge.ts";
import { textUnder, written } from "./shared/description.ts";
import { significanceOf, significantParam } from "./shared/significant.ts";
import { fail, notVerifiable, pass, plural } from "./shared/verdicts.ts";

/** The change says what it does, beyond an empty template; a significant one also says what it affects, where policy asks for it. */
export const changeDescribed = defineAttribute({
  id: "change-described",
  letter: "B",
  title: "The change is described",
  subject: "change",
  requires: ["changes"],
  params: z.object({
    description: z.object({ minLength: z.number().int().min(0).default(1) }).prefault({}),
    significant: significantParam,
  }),
  test(dossier, { description, significant }) {
    const { change } = dossier;
    const { read, known } = describedAtMerge(dossier);
    if (known === "edited")
      return notVerifiable(
        `Its description was edited at ${read.editedAt}, after the merge at ${change.mergedAt} and before anybody had read it: what it said at the merge is not known.`,
        read,
      );
    const least = Math.max(1, description.minLength);
    const length = [...written(read.description)].length;
    const asRead = known === "asRead" && read.readAt !== undefined ? `, as first read at ${read.readAt}` : "";
    const later = read.description === change.description ? "" : " It was edited after the merge.";
    if (length < least) {
      const found =
        length === 0
          ? "has no description beyond an empty template"
          : `is described in ${plural(length, "character")}, fewer than the ${least} that policy asks`;
      return fail(
        `The change by ${actorName(change.author)}, merged at ${change.mergedAt}, ${found}${asRead}.${later}`,
        read,
      );
    }
    const told = `The change by ${actorName(change.author)} is described in ${plural(length, "character")} beside its title${asRead}.${later}`;
    if (significant.impactNote === undefined) return pass(told, read);
    const { heading } = significant.impactNote;
    const found = significanceOf(dossier, significant);
    if (found.state === "no") return pass(told, read);
    if (textUnder(read.description, heading))
      return pass(`${told} Under "${heading}" it says what it affects.`, read, ...found.basis);
    if (found.state === "unknown")
      return notVerifiable(
        `Whether it is significant, and must say what it affects, cannot be said: ${found.why}.`,
        ...found.basis,
      );
    return fail(
      `It is significant (${found.why}), and its description says nothing under "${heading}".`,
      read,
      ...found.basis,
    );
  },
});
