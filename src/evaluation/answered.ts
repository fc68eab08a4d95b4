import { describedAtMerge } from "../attributes/shared/at-merge.ts";
import { contributorsOf } from "../attributes/shared/contributors.ts";
import { textUnder } from "../attributes/shared/description.ts";
import { emergencyOf } from "../attributes/shared/emergency.ts";
import type { Bypass } from "../model/assessment.ts";
import type { ChangeDossier } from "../model/dossier.ts";
import { actorName } from "../model/dossier.ts";
import { short } from "../model/keys.ts";

/** The first review of a change after its merge by a person who neither made nor merged it: what a bypass may still be answered with. */
export function laterReview(dossier: ChangeDossier): Bypass["review"] {
  const { change, reviews, identities, source, gaps } = dossier;
  const { parties, strangers, incomplete } = contributorsOf(dossier);
  const merger = change.merger && identities.ofActor(source, change.merger).id;
  const later = reviews
    .filter(({ state }) => state === "approved" || state === "changesRequested")
    .flatMap((review) => {
      const { author, submittedAt } = review;
      if (!author || submittedAt === null || submittedAt <= change.mergedAt) return [];
      const party = identities.ofActor(source, author);
      if (party.kind === "automation" || party.id === merger || parties.has(party.id)) return [];
      return [{ review, at: submittedAt, certain: party.kind === "person" && !incomplete && strangers.length === 0 }];
    })
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const found = later.find(({ certain }) => certain) ?? later[0];
  if (!found) {
    if (gaps.reviews === undefined) return { state: "none", at: null, text: "none on record", record: null };
    return { state: "notObserved", at: null, text: `not known: ${gaps.reviews}`, record: null };
  }
  const { review, at, certain } = found;
  const did = review.state === "approved" ? "approved" : "requested changes on";
  const what = review.oid === null ? "a commit the source no longer names" : short(review.oid);
  const doubt = certain
    ? ""
    : `; ${incomplete ?? "who contributed is not known whole"}, so the reviewer may be among them`;
  return {
    state: certain ? "independent" : "unclear",
    at,
    text: `${actorName(review.author)} ${did} ${what} at ${at}${doubt}`,
    record: review.record,
  };
}

const quotable = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text);

const marker =
  /^[\s>#*_-]*(?:(?:reason for (?:the )?)?bypass|emergency|break[- ]glass|hotfix|incident)[\s*_]*(:?)[\s*_]*(.*)$/i;

/** What a description says behind `Bypass:` or `Emergency:`, or on the line below such a heading; undefined where it says nothing. */
function saidIn(description: string): string | undefined {
  const lines = description.split(/\r?\n/).filter((line) => line.trim() !== "");
  for (const [index, line] of lines.entries()) {
    const [, colon, rest = ""] = marker.exec(line) ?? [];
    if (colon === undefined || (colon === "" && rest !== "")) continue;
    const said = (rest === "" ? lines[index + 1] : rest)?.trim();
    if (said) return quotable(said);
  }
  return undefined;
}

/** The reason a change itself gives for being merged past the rules: the emergency's label, or a line of its description. */
export function reasonOf(dossier: ChangeDossier, emergency: Parameters<typeof emergencyOf>[1]): Bypass["reason"] {
  const label = emergencyOf(dossier, emergency).text;
  const { description, record } = describedAtMerge(dossier).read;
  const under = emergency.reason && textUnder(description, emergency.reason.heading);
  const said = (under && quotable(under)) || saidIn(description);
  const text = [label, said === undefined ? "" : `The description says: “${said}”.`].filter(Boolean).join(" ");
  return text === "" ? null : { text, record };
}
