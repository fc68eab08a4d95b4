import type { ChangeDossier } from "../../model/dossier.ts";
import { actorName } from "../../model/dossier.ts";
import type { Basis } from "./verdicts.ts";

/** Whether a change bore a label when it merged, in words for an auditor. */
export interface LabelFinding {
  readonly state: "stood" | "absent" | "unknown";
  /** Who set it when, or what is not known; empty where nothing ever bore on it. */
  readonly text: string;
  readonly basis: readonly Basis[];
}

/** Whether a label stood at the merge, by the events that set it and took it away; names compare without case, as the sources do. */
export function labelAtMerge({ change, events, evidenceUntil }: ChangeDossier, name: string): LabelFinding {
  const wanted = name.toLowerCase();
  const own = events
    .filter(({ event, label }) => (event === "labelled" || event === "unlabelled") && label?.toLowerCase() === wanted)
    .toSorted((a, b) => (a.at === b.at ? (a.key < b.key ? -1 : 1) : a.at < b.at ? -1 : 1));
  const [first] = own;
  const told = change.totals.events !== null;
  if (!told || !first) {
    if (change.labels === null && !told)
      return { state: "unknown", text: "Which labels it had is not in the evidence.", basis: [change] };
    if (change.labels?.some((label) => label.toLowerCase() === wanted))
      return {
        state: "unknown",
        text: `It bore the label ${name} when it was last read, by ${evidenceUntil}; when the label was set is not in the evidence.`,
        basis: [change],
      };
    return { state: "absent", text: "", basis: [change] };
  }
  const before = own.findLast(({ at }) => at <= change.mergedAt);
  // What an event takes away had been there from the start.
  const stood = before ? before.event === "labelled" : first.event === "unlabelled";
  if (stood)
    return {
      state: "stood",
      text: before
        ? `${actorName(before.by)} had set the label ${name} at ${before.at}.`
        : `It bore the label ${name} until ${first.at}.`,
      basis: [change, before ?? first],
    };
  const why = before
    ? `${actorName(before.by)} had taken the label ${name} away at ${before.at}, before the merge.`
    : `The label ${name} was set only at ${first.at}, after the merge, by ${actorName(first.by)}.`;
  return { state: "absent", text: why, basis: [change, before ?? first] };
}
