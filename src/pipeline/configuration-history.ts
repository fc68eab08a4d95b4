import type { Config } from "../config/config.ts";
import { effectiveConfig } from "../config/effective-config.ts";
import type { SeenPolicy, SeenWaiver } from "../evaluation/index.ts";
import { type Policy, policySchema } from "../model/policy.ts";
import type { EvidenceRecord } from "../model/stream.ts";
import { canonicalJson } from "../util/canonical-json.ts";

/** What the configurations of earlier runs say of today's rules. */
export interface ConfigurationHistory {
  readonly policies: readonly SeenPolicy[];
  readonly waivers: readonly SeenWaiver[];
}

interface Look {
  readonly at: string;
  readonly policies: readonly string[];
  readonly waivers: readonly string[];
}

/** Looks up when each rule of the configuration was first recorded, and which recorded policies it no longer holds. */
export function configurationHistory(config: Config, records: readonly EvidenceRecord[]): ConfigurationHistory {
  const looks = records.filter((record) => record.kind === "configuration").map(lookOf);
  const today = effectiveConfig(config) as { policies: Policy[] };
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
  };
}

function lookOf(record: EvidenceRecord): Look {
  const { policies = [], waivers = [] } = record.body as { policies?: unknown[]; waivers?: unknown[] };
  return { at: record.fetchedAt, policies: policies.map(canonicalJson), waivers: waivers.map(canonicalJson) };
}

function firstSeen(looks: readonly Look[], kind: "policies" | "waivers", text: string): string | null {
  return looks.find((look) => look[kind].includes(text))?.at ?? null;
}

/** A recorded policy has its durations in milliseconds already, which the configuration's schema writes as text. */
function readPolicy(text: string): Policy {
  const { emergency, ...recorded } = JSON.parse(text) as Policy;
  return { ...policySchema.parse(recorded), emergency };
}
