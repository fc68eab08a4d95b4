import type { z } from "zod";
import type { DossierOf, Subject } from "./dossier.ts";
import type { StreamKind } from "./stream.ts";

export const outcomes = ["pass", "fail", "notApplicable", "notVerifiable"] as const;
/** What a test of one item says; `notVerifiable` whenever the evidence cannot say. */
export type Outcome = (typeof outcomes)[number];

/** What an attribute answers for one dossier. */
export interface Verdict {
  readonly outcome: Outcome;
  /** For an auditor: who, what, when, which commit; one or two sentences. */
  readonly message: string;
  /** The records the statement rests on, ascending. */
  readonly evidence: readonly number[];
  /** `notVerifiable` only until this instant, a deadline that has not passed. */
  readonly due?: string;
}

/** One tested property of one kind of item; pure. */
export interface Attribute<S extends Subject = Subject, P = unknown> {
  /** Kebab-case, a proposition that is good when true; equals the file's name. */
  readonly id: string;
  /** The letter auditors know it by in the test matrix. */
  readonly letter: string;
  readonly title: string;
  readonly subject: S;
  /** What must be whole for this item for a pass, or a fail, to be possible. */
  readonly requires: readonly StreamKind[];
  /** What adds to the answer where it is read: known only in part, it leaves the item open; without the right to read it, the item is judged as it is. */
  readonly considers?: readonly StreamKind[];
  /** Reads the policy's keys it needs; unknown keys are dropped. */
  readonly params: z.ZodType<P>;
  test(dossier: DossierOf<S>, params: P): Verdict;
}

/** An attribute of whichever subject, as registries hold them. */
export type AnyAttribute = { [S in Subject]: Attribute<S> }[Subject];

/** Keeps the types of subject and parameters together where an attribute is written. */
export function defineAttribute<S extends Subject, P>(attribute: Attribute<S, P>): Attribute<S, P> {
  return attribute;
}
