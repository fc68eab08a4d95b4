import type { ChangeDossier } from "../../model/dossier.ts";
import type { Change, Seen, WorkItemLink } from "../../model/entity.ts";

/** The record that tells what a change said of itself at its merge, and how sure that is. */
export interface DescribedAtMerge {
  readonly read: Seen<Change>;
  /** `asRead`: the source does not say when it was edited; `edited`: it was, after the merge and before anybody read it. */
  readonly known: "surely" | "asRead" | "edited";
}

/** What a change said of itself at its merge: by a record since which, or up to which, nobody had edited it; else by the first there is. */
export function describedAtMerge({ change, earlier = [] }: ChangeDossier): DescribedAtMerge {
  const looks = [...earlier, change];
  const unedited = looks.findLast(isUnedited);
  if (unedited) return { read: unedited, known: "surely" };
  const read = looks[0] ?? change;
  return { read, known: read.editedAt === undefined ? "asRead" : "edited" };
}

const isUnedited = ({ editedAt, mergedAt }: Change): boolean =>
  editedAt === null || (editedAt !== undefined && editedAt <= mergedAt);

/** Which links to work items that existed stood at a merge: shown by a time, taken from the first look after it, or open. */
export interface LinksAtMerge {
  readonly standing: readonly Seen<WorkItemLink>[];
  /** When they were first read, where nothing else says that they stood. */
  readonly readAt?: string;
  readonly open: readonly Seen<WorkItemLink>[];
  /** Each with why it did not stand. */
  readonly late: readonly string[];
  /** What shows it beside the links. */
  readonly basis: readonly { readonly record: number }[];
}

/** Sorts a change's links by whether they stood at its merge: one may have been made since by hand, at a time that is known, or by an edit of the description. */
export function linksAtMerge(dossier: ChangeDossier): LinksAtMerge {
  const { change, earlier = [], events, workItems } = dossier;
  const { mergedAt } = change;
  const { known } = describedAtMerge(dossier);
  const looks = [...earlier, change].filter(({ totals }) => totals.workItems !== null);
  const first = looks[0];
  const byHand = new Map(events.filter(({ event }) => event === "linked").map((event) => [event.to, event]));
  const late: { readonly at: string; readonly text: string }[] = [];
  const certain: Seen<WorkItemLink>[] = [];
  const others: Seen<WorkItemLink>[] = [];
  for (const link of workItems) {
    const { workItem, createdAt } = link;
    const at = byHand.get(link.key)?.at;
    if (createdAt > mergedAt) late.push({ at: createdAt, text: `${workItem}, created only at ${createdAt}` });
    else if (at !== undefined && at > mergedAt) late.push({ at, text: `${workItem}, linked only at ${at}` });
    else if (at !== undefined) certain.push(link);
    else if (first?.totals.workItems === 0) late.push(afterLook(link, first));
    else others.push(link);
  }
  // Of all links ever read so many stood when a look counted them: some of these, unless late ones make up the number.
  const counting = known === "asRead" ? looks.slice(0, 1) : looks.filter(isUnedited);
  const hadOthers = ({ totals, readAt = "" }: Change) =>
    (totals.workItems ?? 0) > late.filter(({ at }) => readAt === "" || at <= readAt).length;
  const shown = first === undefined ? known !== "edited" : counting.some(hadOthers);
  const isSure = known === "surely" && change.totals.events !== null;
  const readAt = isSure ? undefined : (counting[0] ?? change).readAt;
  return {
    standing: certain.length > 0 ? certain : shown ? others : [],
    ...(certain.length > 0 || readAt === undefined ? {} : { readAt }),
    open: certain.length > 0 || shown ? [] : others,
    late: late.map(({ text }) => text),
    basis: [...(first && first !== change ? [first] : []), ...byHand.values()],
  };
}

function afterLook({ workItem }: WorkItemLink, { readAt }: Change) {
  const look = readAt === undefined ? "the first look after the merge" : `the look at ${readAt}`;
  return { at: readAt ?? "", text: `${workItem}, linked only after ${look}, which found no link` };
}
