import { z } from "zod";
import { instantSchema } from "../entity.ts";
import { count, recordRef } from "./base.ts";

const reconciliationRowSchema = z.object({
  system: z.string(),
  /** `byHand`: of those explained, the merges that somebody made by hand and pushed; absent for none. */
  commits: z.object({ onLine: count, explained: count, unexplained: count, byHand: count.optional() }),
  /** Merged to the released branch; `elsewhere`: merged in the period to another one, promotions among them; absent for none. */
  changes: z.object({ merged: count, onLine: count, notOnLine: count, elsewhere: count.optional() }),
  deployments: z.object({ succeeded: count, traced: count, untraced: count, unknown: count }),
  /** opening + merged - deployed - withdrawn = closing, in changes; null where deployments were not observed. */
  flow: z.object({ opening: count, merged: count, deployed: count, withdrawn: count, closing: count }).nullable(),
});

/** A change that took the landing branch on to one that it is promoted through. */
const promotionSchema = z.object({
  system: z.string(),
  label: z.string(),
  title: z.string(),
  url: z.string(),
  branch: z.string(),
  mergedAt: instantSchema,
  /** The commit it made. */
  commit: z.string().nullable(),
  /** The commit of the landing branch with the identical tree: the promotion added nothing. Null: it is listed as unmatched. */
  identicalTo: z.string().nullable(),
  record: recordRef,
});

/** A change merged to a branch that is neither released nor promoted to. */
const elsewhereSchema = promotionSchema.omit({ commit: true, identicalTo: true });

const unmatchedSchema = z.object({
  kind: z.enum(["commit", "change", "deployment"]),
  system: z.string(),
  label: z.string(),
  item: z.string(),
  why: z.string(),
  record: recordRef,
});

export const reconciliationSchema = z.object({
  rows: z.array(reconciliationRowSchema),
  unmatched: z.array(unmatchedSchema),
  promotions: z.array(promotionSchema).optional(),
  elsewhere: z.array(elsewhereSchema).optional(),
});
