import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import { actorName } from "../model/dossier.ts";
import { fail, pass, plural } from "./shared/verdicts.ts";

/** The text that is left when a template's comments, headings, empty boxes and markup are taken away. */
const written = (description: string): string =>
  description
    .replace(/<!--[\s\S]*?(-->|$)/g, "")
    .split(/\r?\n/)
    .filter((line) => !/^\s*(#{1,6}\s.*|[-*+]\s*(\[[ xX]\])?|[-=_*]{3,})\s*$/.test(line))
    .join(" ")
    .replace(/[\s\p{Cf}]+/gu, " ")
    .trim();

/** The change says what it does, beyond an empty template. */
export const changeDescribed = defineAttribute({
  id: "change-described",
  letter: "B",
  title: "The change is described",
  subject: "change",
  requires: ["changes"],
  params: z.object({ description: z.object({ minLength: z.number().int().min(0).default(1) }).prefault({}) }),
  test({ change }, { description }) {
    const least = Math.max(1, description.minLength);
    const length = [...written(change.description)].length;
    if (length >= least)
      return pass(
        `The change by ${actorName(change.author)} is described in ${plural(length, "character")} beside its title.`,
        change,
      );
    const found =
      length === 0
        ? "has no description beyond an empty template"
        : `is described in ${plural(length, "character")}, fewer than the ${least} that policy asks`;
    return fail(`The change by ${actorName(change.author)}, merged at ${change.mergedAt}, ${found}.`, change);
  },
});
