import { counted, duration, number } from "../format.ts";
import { outcomeNames } from "../labels.ts";
import type { Pack } from "../pack.ts";
import { lateRules } from "./cover.ts";

/** How many outcomes are listed before the pack refers to assessment.json. */
const longest = 200;

/** What judged the period: policies, identities and waivers, retroactive ones marked. */
export function settingsView(pack: Pack) {
  const { policies, identities, waivers } = pack.result;
  const seen = (instant: string | null): string =>
    instant === null ? "never before this run" : pack.time.minute(instant);
  return {
    policies: policies.map((policy) => ({
      from: policy.from,
      systems: policy.systems.map((system) => (system === "*" ? "all systems" : system)).join(", "),
      parameters: flatten(policy.parameters),
      seen: seen(policy.firstSeen),
      retroactive: policy.retroactive,
    })),
    changed: changed(pack),
    noEarlier: lateRules(pack) !== null,
    identities: identities.map(({ party, kind, accounts, emails }) => ({
      party,
      kind,
      accounts: accounts.join(", "),
      emails: number(emails),
    })),
    anyIdentity: identities.length > 0,
    mapRecords: pack.records([pack.result.provenance.configuration ?? []].flat()),
    waivers: waivers.map((waiver) => ({
      ...waiver,
      title: pack.attributes.get(waiver.attribute)?.title ?? waiver.attribute,
      seen: seen(waiver.firstSeen),
      used: number(waiver.used),
    })),
    anyWaiver: waivers.length > 0,
  };
}

/** Items a rule dated before it was first seen decided otherwise than the earlier rule would have. */
function changed(pack: Pack) {
  const rows = pack.result.population.flatMap((item) =>
    item.observations
      .filter(({ outcome, earlierOutcome }) => earlierOutcome !== undefined && earlierOutcome !== outcome)
      .map((observation) => ({
        system: item.system,
        label: item.label,
        anchor: pack.printed.placeOf(item.key),
        title: pack.attributes.get(observation.attribute)?.title ?? observation.attribute,
        outcome: outcomeNames[observation.outcome],
        earlier: outcomeNames[observation.earlierOutcome ?? observation.outcome],
      })),
  );
  return {
    rows: rows.slice(0, longest),
    more: rows.length > longest ? counted(rows.length - longest, "more outcome") : null,
  };
}

/** `approval.count` with its value, a line a leaf; lists of plain values stay on one line. */
function flatten(value: unknown, path = ""): { name: string; value: string }[] {
  if (Array.isArray(value) && value.every((item) => typeof item === "object" && item !== null)) {
    if (value.length === 0) return [{ name: path, value: "none" }];
    return [
      {
        name: path,
        value: value
          .map((item) =>
            flatten(item)
              .map(({ name, value }) => `${name} ${value}`)
              .join(", "),
          )
          .join("; "),
      },
    ];
  }
  if (Array.isArray(value)) return [{ name: path, value: value.join(", ") }];
  if (value !== null && typeof value === "object") {
    return Object.entries(value).flatMap(([name, item]) => flatten(item, path ? `${path}.${name}` : name));
  }
  // The configuration reads spans such as 24h into milliseconds.
  if (typeof value === "number" && /within$/i.test(path)) return [{ name: path, value: duration(value / 1000) }];
  return [{ name: path, value: String(value) }];
}
