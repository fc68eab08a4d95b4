import type { Config } from "../config/config.ts";
import { effectiveConfig } from "../config/effective-config.ts";
import type { SeenPolicy, SeenWaiver } from "../evaluation/index.ts";
import type { Identity } from "../model/identity.ts";
import { type Policy, policySchema } from "../model/policy.ts";
import type { EvidenceRecord } from "../model/stream.ts";
import { canonicalJson } from "../util/canonical-json.ts";

/** What the configurations of earlier runs say of today's rules. */
export interface ConfigurationHistory {
  readonly policies: readonly SeenPolicy[];
  readonly waivers: readonly SeenWaiver[];
  /** Identity maps other than today's, oldest first, each with the span over which runs recorded it. */
  readonly identities: readonly {
    readonly from: string;
    readonly to: string;
    readonly identities: readonly Identity[];
  }[];
}

interface Look {
  readonly at: string;
  readonly identities: readonly Identity[];
  readonly policies: readonly string[];
  readonly waivers: readonly string[];
}

/** Looks up when each rule of the configuration was first recorded, and which recorded policies it no longer holds. */
export function configurationHistory(config: Config, records: readonly EvidenceRecord[]): ConfigurationHistory {
  const looks = records.filter((record) => record.kind === "configuration").map(lookOf);
  const today = effectiveConfig(config) as { policies: Policy[]; identities: Identity[] };
  const now = today.policies.map((policy) => canonicalJson(policy));
  const known = new Set(now);
  const withdrawn = [...new Set(looks.flatMap((look) => look.policies))].filter((text) => !known.has(text));
  return {
    policies: [
      ...config.policies.map((policy, index) => ({
        policy,
        firstSeen: firstSeen(looks, "policies", now[index] ?? ""),
      })),
      ...withdrawn.flatMap((text): SeenPolicy[] => {
        const last = looks.findLastIndex((look) => look.policies.includes(text));
        const end = looks[last + 1]?.at;
        return end === undefined
          ? []
          : [{ policy: readPolicy(text), firstSeen: firstSeen(looks, "policies", text), withdrawn: end }];
      }),
    ],
    waivers: config.waivers.map((waiver) => ({
      waiver,
      firstSeen: firstSeen(looks, "waivers", canonicalJson(waiver)),
    })),
    identities: earlierMaps(looks, canonicalJson(today.identities)),
  };
}

interface Recorded {
  readonly identities?: readonly Identity[];
  readonly policies?: readonly unknown[];
  readonly waivers?: readonly unknown[];
}

function lookOf({ body, fetchedAt }: EvidenceRecord): Look {
  const { identities = [], policies = [], waivers = [] } = body as Recorded;
  return { at: fetchedAt, identities, policies: policies.map(canonicalJson), waivers: waivers.map(canonicalJson) };
}

/** A configuration is recorded when it changes, so each map stood until the next look. */
function earlierMaps(looks: readonly Look[], today: string): ConfigurationHistory["identities"] {
  return looks.flatMap(({ at, identities }, index) => {
    const to = looks[index + 1]?.at;
    return to === undefined || canonicalJson(identities) === today ? [] : [{ from: at, to, identities }];
  });
}

function firstSeen(looks: readonly Look[], kind: "policies" | "waivers", text: string): string | null {
  return looks.find((look) => look[kind].includes(text))?.at ?? null;
}

/** A recorded policy has its durations in milliseconds already, which the configuration's schema writes as text. */
function readPolicy(text: string): Policy {
  const { emergency, approval, ...recorded } = JSON.parse(text) as Policy;
  return { ...policySchema.parse(recorded), emergency, approval };
}
