import type { Config } from "../config/config.ts";
import { configDigest, effectiveConfig } from "../config/effective-config.ts";
import type { EvaluationInput } from "../evaluation/index.ts";
import type { RestatementReason } from "../model/assessment.ts";
import type { EvidenceRecord } from "../model/stream.ts";
import { canonicalJson } from "../util/canonical-json.ts";
import type { IssuedPack } from "./pack-records.ts";

/** What of a configuration judges, and what is said where it is another. */
const judging: Readonly<Record<string, string>> = {
  policies: "the policies differ",
  identities: "the map of identities differs",
  waivers: "the waivers differ",
  controls: "the organisation's own controls differ",
  systems: "the systems in scope differ",
  frameworks: "the frameworks reported on differ",
  timezone: "the time zone differs",
};

/** What is said beside the results, and judges nothing. */
const beside = ["metrics", "narrative"];

/** What judges now and is not as it was when the pack was made: parts of the configuration, the catalog of controls, the tool. */
export function settingsSince(
  pack: Pick<IssuedPack, "configuration" | "tool" | "issued">,
  config: Config,
  recorded: readonly EvidenceRecord[],
  { catalog, tool }: Pick<EvaluationInput, "catalog" | "tool">,
): readonly RestatementReason[] {
  const version = `${tool.name} ${tool.version}`;
  return [
    ...(pack.configuration === configDigest(config) ? [] : partsSince(pack.issued.at, config, recorded)),
    ...catalogSince(pack.issued.at, catalog.digest, recorded),
    ...(pack.tool === version ? [] : [{ text: `judged by ${version}, then by ${pack.tool}`, at: null, record: null }]),
  ];
}

function partsSince(
  issuedAt: string,
  config: Config,
  recorded: readonly EvidenceRecord[],
): readonly RestatementReason[] {
  const now = effectiveConfig(config);
  const looks = recorded.filter(({ kind }) => kind === "configuration");
  const then = looks.findLast(({ fetchedAt }) => fetchedAt <= issuedAt);
  const unlike = (body: unknown, part: string): boolean =>
    canonicalJson((body as Readonly<Record<string, unknown>>)[part] ?? null) !== canonicalJson(now[part] ?? null);
  const parts = then ? Object.entries(judging).filter(([part]) => unlike(then.body, part)) : [];
  if (parts.length === 0) {
    const names = then ? [...new Set([...Object.keys(then.body as object), ...Object.keys(now)])] : [];
    const differing = names.filter((name) => unlike(then?.body, name));
    if (differing.length > 0 && differing.every((name) => beside.includes(name))) return [];
    return [{ text: "the configuration differs", at: null, record: null }];
  }
  return parts.map(([part, text]) => {
    const since = looks.find(({ fetchedAt, body }) => fetchedAt > issuedAt && !unlike(body, part));
    return { text, at: since?.fetchedAt ?? null, record: since?.id ?? null };
  });
}

function catalogSince(
  issuedAt: string,
  digest: string,
  recorded: readonly EvidenceRecord[],
): readonly RestatementReason[] {
  const digestOf = ({ body }: EvidenceRecord): unknown => (body as { digest?: unknown }).digest;
  const looks = recorded.filter(({ kind }) => kind === "catalog");
  const then = looks.findLast(({ fetchedAt }) => fetchedAt <= issuedAt);
  if (!then || digestOf(then) === digest) return [];
  const since = looks.find((record) => record.fetchedAt > issuedAt && digestOf(record) === digest);
  return [{ text: "the catalog of controls differs", at: since?.fetchedAt ?? null, record: since?.id ?? null }];
}
