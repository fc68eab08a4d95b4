import { z } from "zod";
import { outcomes } from "../attribute.ts";
import { subjects } from "../dossier.ts";
import { instantSchema } from "../entity.ts";
import { count, recordRef } from "./base.ts";
import type { Item } from "./items.ts";

/** What an issued pack can have said of one test of an item; `due`: not verifiable, as its deadline had not passed. */
export const issuedOutcomes = [...outcomes, "due"] as const;
export type IssuedOutcome = (typeof issuedOutcomes)[number];

/** What an issued pack said, by {@link itemName}, then attribute id. */
export type IssuedOutcomes = ReadonlyMap<string, ReadonlyMap<string, IssuedOutcome>>;

/** What an item is called in the record of a pack's outcomes: `payments|change|github/700#12`. */
export const itemName = ({ system, subject, key }: Pick<Item, "system" | "subject" | "key">): string =>
  `${system}|${subject}|${key}`;

const reasonSchema = z.object({
  text: z.string(),
  /** When it was fetched; null where no record tells it. */
  at: instantSchema.nullable(),
  record: recordRef.nullable(),
});
export type RestatementReason = z.infer<typeof reasonSchema>;

const differenceSchema = z.object({
  subject: z.enum(subjects),
  system: z.string(),
  item: z.string(),
  label: z.string(),
  title: z.string(),
  /** `appeared`: the pack did not list the item; `vanished`: its period lists it no more; `changed`: its tests say something else. */
  kind: z.enum(["appeared", "vanished", "changed"]),
  /** The tests that say something else; of an item that appeared or vanished, those that applied. */
  tests: z.array(
    z.object({
      attribute: z.string(),
      /** Null where the pack did not test it. */
      issued: z.enum(issuedOutcomes).nullable(),
      /** Null where it is not tested now. */
      now: z.enum(outcomes).nullable(),
      /** It waited for a deadline, which has been met or missed since. */
      settled: z.boolean(),
      /** What is said of it now; empty where it is not tested. */
      message: z.string(),
    }),
  ),
  /** Why, as far as the evidence tells; never empty. */
  reasons: z.array(reasonSchema),
});
export type RestatementDifference = z.infer<typeof differenceSchema>;

/** One issued pack, its period judged again by the cut-off: what it would not say the same way any more. */
export const restatementSchema = z.object({
  pack: z.string(),
  period: z.string(),
  /** Its period lies inside this assessment's, or is the same. */
  within: z.boolean(),
  /** Items of the pack and of the period as judged now, together. */
  compared: count,
  /** What judged otherwise than when the pack was made: policies, identities, the catalog, the tool. */
  settings: z.array(reasonSchema),
  differences: z.array(differenceSchema),
});
export type Restatement = z.infer<typeof restatementSchema>;
