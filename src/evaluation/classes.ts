import { z } from "zod";
import { automationParam, entryOfAuthor, refusalOf } from "../attributes/shared/automation.ts";
import { emergencyOf, emergencyParam } from "../attributes/shared/emergency.ts";
import { significanceOf, significantParam } from "../attributes/shared/significant.ts";
import type { ItemClass } from "../model/assessment.ts";
import { itemClasses } from "../model/assessment.ts";
import type { ChangeDossier, Dossier } from "../model/dossier.ts";
import type { Ruling } from "./rules-in-force.ts";

/** What of a policy tells classes apart, read as an attribute's parameters are. */
const classRule = {
  id: "classes",
  params: z.object({ emergency: emergencyParam, significant: significantParam, automation: automationParam }),
};
type ClassParams = z.infer<typeof classRule.params>;

/** The parameters of the policy in force for an item. */
export const classParamsOf = (ruling: (rule: typeof classRule) => Ruling): ClassParams =>
  // Rulings hold what the rule's own schema gave; their type cannot say so.
  ruling(classRule).params as ClassParams;

/** The classes of a change under the policy in force for it, in the order in which packs print them; of other items none. */
export function classesOf(dossier: Dossier, params: ClassParams): ItemClass[] {
  if (dossier.subject !== "change") return [];
  const { change, identities, source, mergedByHand } = dossier;
  const is: Readonly<Record<ItemClass, boolean>> = {
    emergency: emergencyOf(dossier, params.emergency).state === "stood",
    significant: significanceOf(dossier, params.significant).state === "yes",
    automated: change.author !== null && identities.ofActor(source, change.author).kind === "automation",
    release: isRelease(dossier, params.automation),
    mergedByHand: mergedByHand === true,
    editsItsChecks: editsItsChecks(dossier),
    retried: wasRetried(dossier),
  };
  return itemClasses.filter((one) => is[one]);
}

/** Whether policy takes it for a release, and nothing in it speaks against that. */
function isRelease(dossier: ChangeDossier, automation: ClassParams["automation"]): boolean {
  const entry = entryOfAuthor(dossier, automation);
  return entry?.release === true && refusalOf(dossier, entry) === undefined;
}

/** Whether it touches the file of a workflow that checked it: what ran was its own version of the test. */
function editsItsChecks({ checks, runs, paths }: ChangeDossier): boolean {
  const files = new Set([...checks.flatMap(({ workflow }) => workflow ?? []), ...runs.map(({ workflow }) => workflow)]);
  return paths.some((path) => files.has(path));
}

/** Whether a check of its head failed before it passed: the commit was the same, so the test was not. */
function wasRetried({ checks, change }: ChangeDossier): boolean {
  const ended = checks.filter(({ oid, completedAt }) => oid === change.headOid && completedAt !== null);
  return [...Map.groupBy(ended, ({ name, app }) => JSON.stringify([name, app])).values()].some((runs) => {
    const times = (wanted: string) =>
      runs.flatMap(({ conclusion, completedAt }) => (conclusion === wanted && completedAt ? [completedAt] : []));
    const passed = times("success").sort().at(-1);
    return passed !== undefined && times("failure").some((at) => at < passed);
  });
}
