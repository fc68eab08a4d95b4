import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import { actorName } from "../model/dossier.ts";
import { significanceOf, significantParam } from "./shared/significant.ts";
import { fail, notVerifiable, pass, plural } from "./shared/verdicts.ts";

/** The text that is left when a template's comments, headings, empty boxes and markup are taken away. */
const written = (description: string): string =>
  description
    .replace(/<!--[\s\S]*?(-->|$)/g, "")
    .split(/\r?\n/)
    .filter((line) => !/^\s*(#{1,6}\s.*|[-*+]\s*(\[[ xX]\])?|[-=_*]{3,})\s*$/.test(line))
    .join(" ")
    .replace(/[\s\p{Cf}]+/gu, " ")
    .trim();

/** The text under a heading of a description, up to the next heading of its level or above; undefined where there is no such heading. */
function textUnder(description: string, heading: string): string | undefined {
  const lines = description.replace(/<!--[\s\S]*?(-->|$)/g, "").split(/\r?\n/);
  const levelOf = (line: string) => /^\s*(#{1,6})\s/.exec(line)?.[1]?.length;
  const titleOf = (line: string) => line.replace(/^\s*#{1,6}\s+|[\s#:]+$/g, "").toLowerCase();
  const at = lines.findIndex((line) => levelOf(line) !== undefined && titleOf(line) === heading.toLowerCase());
  if (at < 0) return undefined;
  const level = levelOf(lines[at] ?? "") ?? 6;
  const after = lines.slice(at + 1);
  const end = after.findIndex((line) => (levelOf(line) ?? 7) <= level);
  return written(after.slice(0, end < 0 ? undefined : end).join("\n"));
}

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
    const least = Math.max(1, description.minLength);
    const length = [...written(change.description)].length;
    if (length < least) {
      const found =
        length === 0
          ? "has no description beyond an empty template"
          : `is described in ${plural(length, "character")}, fewer than the ${least} that policy asks`;
      return fail(`The change by ${actorName(change.author)}, merged at ${change.mergedAt}, ${found}.`, change);
    }
    const told = `The change by ${actorName(change.author)} is described in ${plural(length, "character")} beside its title.`;
    if (significant.impactNote === undefined) return pass(told, change);
    const { heading } = significant.impactNote;
    const found = significanceOf(dossier, significant);
    if (found.state === "no") return pass(told, change);
    if (textUnder(change.description, heading))
      return pass(`${told} Under "${heading}" it says what it affects.`, change, ...found.basis);
    if (found.state === "unknown")
      return notVerifiable(
        `Whether it is significant, and must say what it affects, cannot be said: ${found.why}.`,
        ...found.basis,
      );
    return fail(
      `It is significant (${found.why}), and its description says nothing under "${heading}".`,
      change,
      ...found.basis,
    );
  },
});
