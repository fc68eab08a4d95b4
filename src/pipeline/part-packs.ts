import type { Config } from "../config/config.ts";
import { slugOf } from "../config/load-config.ts";
import { partsOf } from "../evaluation/index.ts";
import type { PartPack } from "../model/assessment.ts";
import { sha256Hex } from "../util/hash.ts";

/** The packs of one run by the names of their folders: the organisation's own and, after it, one per team and per system; none where the organisation is one system. */
export function partPacks(name: string, { organisation, systems }: Config): readonly PartPack[] {
  const parts = partsOf(systems).map(({ kind, id }) => ({ kind, id, name: `${name}-${kind}-${slugOf(id)}` }));
  if (parts.length === 0) return [];
  const alike = Map.groupBy(parts, (part) => part.name);
  return [
    { kind: "organisation", id: organisation.name, name },
    ...parts.map((part) =>
      alike.get(part.name)?.length === 1 ? part : { ...part, name: `${part.name}-${sha256Hex(part.id).slice(0, 8)}` },
    ),
  ];
}
