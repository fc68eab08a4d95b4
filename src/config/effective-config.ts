import { basename } from "node:path";
import { canonicalJson } from "../util/canonical-json.ts";
import { sha256Hex } from "../util/hash.ts";
import type { Config, ConfiguredSource, System } from "./config.ts";

/** What collects, judges and is said in packs, as plain JSON for the ledger: every default filled in, no secret, no path of this machine. */
export function effectiveConfig(config: Omit<Config, "digest">): Readonly<Record<string, unknown>> {
  const { organisation, timezone, frameworks, since, lateAfter, systems, identities, policies, waivers, controls } =
    config;
  const { signing } = config;
  const timestamp = signing?.timestamp;
  const effective = {
    organisation: organisation.name,
    timezone,
    frameworks,
    since,
    lateAfter,
    ...(signing && { signing: { origin: signing.origin, ...(timestamp && { timestamp: timestamp.url }) } }),
    ...effectiveContext(config),
    sources: config.sources.map(effectiveSource),
    systems: systems.map(effectiveSystem),
    identities,
    policies,
    waivers,
    controls,
  };
  return JSON.parse(canonicalJson(effective)) as Record<string, unknown>;
}

/** SHA-256 of the effective configuration's canonical JSON, hexadecimal. */
export function configDigest(config: Omit<Config, "digest">): string {
  return sha256Hex(canonicalJson(effectiveConfig(config)));
}

/** What a configuration without these keys does not say of them stays unsaid. */
function effectiveContext({ metrics, narrative }: Omit<Config, "digest">): object {
  const { incidents, targets } = metrics;
  const { off, board, text } = narrative;
  const own = {
    ...(incidents === undefined ? {} : { incidents: basename(incidents) }),
    ...(Object.keys(targets).length === 0 ? {} : { targets }),
  };
  const isUsual = !off && text === undefined && board.everyDays === 14 && board.cutOffDays === 3;
  return {
    ...(Object.keys(own).length === 0 ? {} : { metrics: own }),
    ...(isUsual ? {} : { narrative: { off, board, ...(text === undefined ? {} : { text }) } }),
  };
}

function effectiveSystem(system: System): object {
  const { deployments } = system;
  return deployments.from === "import"
    ? { ...system, deployments: { ...deployments, file: basename(deployments.file) } }
    : system;
}

function effectiveSource({ id, provider, baseUrl, credential, repositories }: ConfiguredSource): object {
  const how =
    credential.type === "app"
      ? { type: "app", appId: credential.appId, installation: credential.installation }
      : { type: "token" };
  return { id, provider, baseUrl, credential: how, repositories };
}
