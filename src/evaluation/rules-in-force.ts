import { TZDate } from "@date-fns/tz";
import type { AnyAttribute } from "../model/attribute.ts";
import type { Catalog } from "../model/control.ts";
import { mergeParameters, policyParametersSchema } from "../model/policy.ts";
import type { SeenPolicy } from "./input.ts";

/** The first instant of a day such as `2026-10-01` in an IANA time zone; `later` counts days after it. */
export function startOfDay(day: string, timezone: string, later = 0): string {
  const [year, month, date] = day.split("-").map(Number);
  const start = new TZDate(year ?? 0, (month ?? 1) - 1, (date ?? 1) + later, timezone);
  return `${new Date(start.getTime()).toISOString().slice(0, 19)}Z`;
}

/** Whose and when: what decides which policy applies. */
export interface Placed {
  readonly system: string;
  readonly team: string;
  readonly at: string;
}

/** The parameters that judge one item. */
export interface Ruling {
  readonly params: unknown;
  /** Under the rule known when the item came about, where the one that judges was seen only later and there was an earlier one. */
  readonly earlier: { readonly params: unknown } | undefined;
}

/** What reads its own keys of a policy: an attribute, or another rule. */
type Reader = Pick<AnyAttribute, "id" | "params">;

interface Dated extends SeenPolicy {
  readonly start: string;
}

/** Finds the policy in force for an item: the latest that started before it and names its system or team; of two on the same day the one written later. */
export function rulesInForce(policies: readonly SeenPolicy[], catalog: Catalog, timezone: string) {
  const dated: readonly Dated[] = policies.map((one) => ({ ...one, start: startOfDay(one.policy.from, timezone) }));
  const standing = dated.filter((one) => one.withdrawn === undefined);
  const defaults = policyParametersSchema.parse({});
  const own = new Map(
    catalog.controls.flatMap((control) => control.attributes.map(({ id, parameters }) => [id, parameters] as const)),
  );
  const cache = new Map<string, Map<object, unknown>>();

  const latest = (from: readonly Dated[], item: Placed): Dated | undefined =>
    from.reduce<Dated | undefined>(
      (best, one) => (applies(one, item) && one.start >= (best?.start ?? "") ? one : best),
      undefined,
    );
  const paramsOf = (attribute: Reader, policy: object): unknown => {
    const known = cache.get(attribute.id) ?? new Map<object, unknown>();
    cache.set(attribute.id, known);
    if (!known.has(policy))
      known.set(policy, attribute.params.parse(mergeParameters({ ...policy }, own.get(attribute.id) ?? {})));
    return known.get(policy);
  };

  return (item: Placed): ((attribute: Reader) => Ruling) => {
    const inForce = latest(standing, item);
    const late = inForce !== undefined && inForce.firstSeen !== null && inForce.firstSeen > item.at;
    const known = dated.filter(
      (one) => one.firstSeen !== null && one.firstSeen <= item.at && (one.withdrawn ?? "9999") > item.at,
    );
    const before = late ? latest(known, item) : undefined;
    return (attribute) => ({
      params: paramsOf(attribute, inForce?.policy ?? defaults),
      earlier: before && { params: paramsOf(attribute, before.policy) },
    });
  };
}

function applies({ policy, start }: Dated, { system, team, at }: Placed): boolean {
  if (start > at) return false;
  if (policy.teams && !policy.teams.includes(team)) return false;
  return policy.systems.includes("*") || policy.systems.includes(system);
}
