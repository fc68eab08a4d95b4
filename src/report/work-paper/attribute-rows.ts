import type { AssessedObservation, Item } from "../../model/assessment.ts";
import type { Outcome } from "../../model/attribute.ts";
import type { Pack } from "../pack.ts";
import { withoutDeployments } from "../rows.ts";

/** What one attribute came to for a sampled item, with everything that it rests on. */
export interface AttributeRow {
  readonly id: string;
  readonly letter: string;
  readonly title: string;
  readonly outcome: Outcome;
  readonly message: string;
  readonly evidence: readonly number[];
  readonly waiver: string | null;
  /** Of the branch's settings, not of the item itself. */
  readonly setting: boolean;
}

/** The letters that are told of every change, also where they do not apply. */
const always = /^[0A-K]$/;

/** Gravest first. */
const gravity: readonly Outcome[] = ["fail", "notVerifiable", "pass", "notApplicable"];

/**
 * Every attribute that is tested of an item, of the commits, the change and the deployment that belong to it, by letter, settings last:
 * A to K always of a change or commit; of settings and approvals by hand only what applies.
 */
export function attributeRows(pack: Pack, item: Item): readonly AttributeRow[] {
  const { population, attributes, coverage } = pack.result;
  const family = familyOf(pack, item);
  const settings = population.filter(
    ({ subject, system, repository }) =>
      subject === "configuration" && system === item.system && repository === item.repository,
  );
  const of = { ...family, configuration: settings };
  return attributes
    .flatMap(({ id, letter, title, subject }): AttributeRow[] => {
      const tested = of[subject];
      const found = tested.flatMap(({ observations }) => observations.filter(({ attribute }) => attribute === id));
      const row = { id, letter, title, setting: subject === "configuration" };
      if (found.length > 0) {
        const told = { ...row, ...gravestOf(found) };
        return always.test(letter) || told.outcome !== "notApplicable" ? [told] : [];
      }
      const untested = absent(item, subject, withoutDeployments(coverage).has(item.system));
      return untested && always.test(letter) ? [{ ...row, ...untested, evidence: [], waiver: null }] : [];
    })
    .sort((a, b) => Number(a.setting) - Number(b.setting) || (a.letter < b.letter ? -1 : 1));
}

interface Family {
  readonly commit: readonly Item[];
  readonly change: readonly Item[];
  readonly deployment: readonly Item[];
}

function familyOf({ result, itemOf }: Pack, item: Item): Family {
  const one = (found: Item | undefined): readonly Item[] => (found ? [found] : []);
  if (item.subject === "deployment") return { commit: [], change: [], deployment: [item] };
  const change = item.subject === "change" ? item : itemOf(item.system, item.link);
  const commit =
    item.subject === "commit"
      ? [item]
      : result.population.filter(
          ({ subject, system, link }) => subject === "commit" && system === item.system && link === item.key,
        );
  return { commit, change: one(change), deployment: one(itemOf(item.system, change?.link ?? null)) };
}

/** Why an attribute of A to K has no answer; undefined where it is not asked of such an item. */
function absent(
  item: Item,
  subject: Item["subject"],
  blind: boolean,
): { readonly outcome: Outcome; readonly message: string } | undefined {
  if (item.subject === "deployment" || subject === "configuration") return undefined;
  if (subject === "change") return { outcome: "notApplicable", message: "no change explains the commit" };
  if (subject === "commit") return { outcome: "notApplicable", message: "none of its commits is in this period" };
  return blind
    ? { outcome: "notVerifiable", message: "deployments were not read whole, so none can be tied to it or ruled out" }
    : { outcome: "notApplicable", message: "it did not first reach production in this period" };
}

function gravestOf(
  found: readonly AssessedObservation[],
): Pick<AttributeRow, "outcome" | "message" | "evidence" | "waiver"> {
  const outcome = gravity.find((one) => found.some((observation) => observation.outcome === one)) ?? "notApplicable";
  const same = found.filter((observation) => observation.outcome === outcome);
  const messages = [...new Set(same.map(({ message }) => message))];
  const more = messages.length > 3 ? `; and ${messages.length - 3} more alike` : "";
  return {
    outcome,
    message: `${messages.slice(0, 3).join("; ")}${more}`,
    evidence: [...new Set(same.flatMap(({ evidence }) => evidence))].sort((a, b) => a - b),
    waiver: same.find(({ waiver }) => waiver !== undefined)?.waiver ?? null,
  };
}
