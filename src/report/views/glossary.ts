import type { AssessmentResult } from "../../model/assessment.ts";
import type { Pack } from "../pack.ts";

interface Term {
  readonly word: string;
  readonly meaning: string;
  /** Whether this pack uses the word; absent: every pack does. */
  readonly used?: (result: AssessmentResult) => boolean;
}

const hasClass = (wanted: string) => (result: AssessmentResult) =>
  result.population.some(({ classes = [] }) => classes.some((one) => one === wanted));

const terms: readonly Term[] = [
  { word: "Change", meaning: "What was proposed, reviewed and merged as one, with its number at the source." },
  { word: "Commit", meaning: "One stored state of the code with its author; named by a digest of its content." },
  { word: "Released branch", meaning: "The branch from which a system is deployed. Its commits are the population." },
  { word: "Deployment", meaning: "One version put into production, as the source or a list records it." },
  { word: "System", meaning: "What is deployed and owned as one, with its repositories and environments." },
  { word: "Population", meaning: "Every change, commit, deployment and setting of the period; none is sampled." },
  { word: "Tie-out", meaning: "Three lists of one period matched with each other; what does not match is named." },
  {
    word: "Stream",
    meaning: "One kind of evidence from one repository, with what was seen of it and what was not.",
  },
  { word: "Run", meaning: "One execution of collecting, with its own start and end." },
  { word: "Record", meaning: "One object as the source gave it, stored unaltered; named by an r and its number." },
  {
    word: "Ledger",
    meaning: "All records in the order in which they came, so that a later alteration shows.",
  },
  {
    word: "Checkpoint",
    meaning: "The ledger's size and the one digest (root) that stands for all records up to it.",
  },
  {
    word: "Test",
    meaning: "One question asked of one item, by a letter; it passes, fails, does not apply or cannot be verified.",
  },
  {
    word: "Not verifiable",
    meaning: "The evidence does not decide: missing, unreadable, or silent on the point. Neither passed nor failed.",
  },
  { word: "Control", meaning: "What management does so that an objective is met, with its tests." },
  { word: "Key control", meaning: "A control whose result decides the criterion; a supporting one only informs." },
  { word: "Threshold", meaning: "The share of failures at which management itself calls a control's result grave." },
  { word: "Criterion", meaning: "What a framework asks for. It takes the gravest result of its key controls." },
  { word: "Exception", meaning: "An item that failed a test. Listed, told and answered one by one." },
  {
    word: "Waiver",
    meaning: "A failure accepted in advance, with owner, reason and end. Counted apart, never hidden.",
    used: ({ waivers, exceptions }) => waivers.length > 0 || exceptions.some(({ waiver }) => waiver !== null),
  },
  {
    word: "Bypass",
    meaning: "A merge or push past the branch's rules, by somebody whom they do not hold back.",
    used: ({ bypasses }) => bypasses.entries.length > 0,
  },
  {
    word: "Emergency",
    meaning: "A change marked as urgent when it merged: it may be reviewed after the merge, within a set time.",
    used: hasClass("emergency"),
  },
  {
    word: "Significant",
    meaning: "Of a change: by policy it needs a note on its impact, or an approver by name.",
    used: hasClass("significant"),
  },
  {
    word: "Automation",
    meaning: "An account that is no person. Its approval never counts as a person's.",
    used: ({ identities }) => identities.some(({ kind }) => kind === "automation"),
  },
  {
    word: "Promotion",
    meaning: "A change that takes what was merged already on to a branch nearer to production.",
    used: ({ reconciliation }) => (reconciliation.promotions ?? []).length > 0,
  },
  {
    word: "Retroactive",
    meaning: "Of a rule: dated before it was first recorded. The outcome under the earlier rule stands beside it.",
    used: ({ policies, waivers }) => [...policies, ...waivers].some(({ retroactive }) => retroactive),
  },
  {
    word: "Redacted edition",
    meaning: "The same pack with pseudonyms in place of persons' names and addresses.",
    used: ({ redacted }) => redacted !== undefined,
  },
];

/** The words that this pack uses, in plain English, by the alphabet. */
export function glossaryView({ result }: Pick<Pack, "result">) {
  return {
    terms: terms
      .filter(({ used = () => true }) => used(result))
      .map(({ word, meaning }) => ({ word, meaning }))
      .sort((a, b) => (a.word < b.word ? -1 : 1)),
  };
}
