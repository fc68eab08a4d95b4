import { testOnWholeEvidence } from "../attributes/index.ts";
import type { AssessedObservation, Item } from "../model/assessment.ts";
import type { AnyAttribute, Attribute, Verdict } from "../model/attribute.ts";
import type { DeployedCommit, Dossier } from "../model/dossier.ts";
import type { IdentityMap } from "../model/identity.ts";
import type { SeenWaiver } from "./input.ts";
import type { Described } from "./item.ts";
import type { Ruling } from "./rules-in-force.ts";
import { startOfDay } from "./rules-in-force.ts";

/** An item with its dossier, from which its story is told. */
export interface Judged {
  readonly item: Item;
  readonly dossier: Dossier;
  /** By attribute: the reason why its evidence is not whole; attributes tested on whole evidence have none. */
  readonly gaps: ReadonlyMap<string, string>;
}

/** Tests every attribute of an item's subject under the policy in force for it; `before` is the identity map of its time, where that was not today's. */
export function judge(
  dossier: Dossier,
  described: Described,
  attributes: readonly AnyAttribute[],
  ruling: (attribute: AnyAttribute) => Ruling,
  waivers: WaiverIndex,
  before?: IdentityMap,
): Judged {
  const asKnownThen = before && withIdentities(dossier, before);
  const gaps = new Map<string, string>();
  const observations = attributes
    .filter((attribute) => attribute.subject === dossier.subject)
    .map((attribute): AssessedObservation => {
      const missing = [...attribute.requires, ...(attribute.considers ?? [])].flatMap((kind) => {
        const reason = dossier.gaps[kind];
        return reason === undefined ? [] : [`${kind}: ${reason}`];
      });
      if (missing.length > 0) gaps.set(attribute.id, missing.join("; "));
      const { params, earlier } = ruling(attribute);
      const verdict = described.unplaced ? unplaced(described) : test(attribute, dossier, params);
      const then =
        (earlier ?? asKnownThen) && test(attribute, asKnownThen ?? dossier, (earlier ?? { params }).params).outcome;
      const waiver = verdict.outcome === "fail" ? waivers(attribute.id, described) : undefined;
      return {
        attribute: attribute.id,
        outcome: verdict.outcome,
        message: verdict.message,
        evidence: [...verdict.evidence],
        ...(verdict.due === undefined ? {} : { due: verdict.due }),
        ...(waiver === undefined ? {} : { waiver }),
        ...(then === undefined || (earlier === undefined && then === verdict.outcome) ? {} : { earlierOutcome: then }),
      };
    });
  return { item: { ...described, observations }, dossier, gaps };
}

/** A dossier, and those of the changes it brought, under another identity map. */
function withIdentities(dossier: Dossier, identities: IdentityMap): Dossier {
  if (dossier.subject !== "deployment") return { ...dossier, identities };
  const { brought, standsAt } = dossier;
  const own = (one: DeployedCommit) => ({ ...one, change: one.change && { ...one.change, identities } });
  return {
    ...dossier,
    identities,
    brought: brought?.map(own),
    ...(standsAt === undefined ? {} : { standsAt: standsAt.map(own) }),
  };
}

// The filter above has matched subjects; the types of a registry's members cannot say so.
const test = (attribute: AnyAttribute, dossier: Dossier, params: unknown): Verdict =>
  testOnWholeEvidence(attribute as Attribute<Dossier["subject"]>, dossier, params);

const unplaced = ({ at, notBefore, label, record }: Described): Verdict => ({
  outcome: "notVerifiable",
  message: `${label} reached the branch ${notBefore === undefined ? `by ${at}` : `between ${notBefore} and ${at}`}, and nothing tells when within that: it may belong to another period, and is listed in both.`,
  evidence: record === null ? [] : [record],
});

/** The id of the waiver that accepts a failure of the attribute on the item. */
type WaiverIndex = (attribute: string, item: Described) => string | undefined;

/** Indexes waivers by what they accept; each holds from its first day to the end of its last in the organisation's time zone. */
export function waiverIndex(waivers: readonly SeenWaiver[], timezone: string): WaiverIndex {
  const dated = waivers.map(({ waiver }) => ({
    ...waiver,
    start: startOfDay(waiver.from, timezone),
    end: startOfDay(waiver.expires, timezone, 1),
  }));
  return (attribute, item) =>
    dated.find(
      (waiver) =>
        waiver.attribute === attribute &&
        (waiver.systems.includes(item.system) || waiver.systems.includes("*")) &&
        (!waiver.items || waiver.items.some((name) => isNamed(item, name))) &&
        waiver.start <= item.at &&
        item.at < waiver.end,
    )?.id;
}

function isNamed({ subject, label, commit, number, repository }: Described, name: string): boolean {
  if (subject === "commit") return name === commit;
  if (subject === "deployment") return name === number;
  return name === label || (subject === "change" && name.toLowerCase() === `${repository}${label}`.toLowerCase());
}
