import { join } from "node:path";
import { attributes } from "../../../src/attributes/index.ts";
import { loadCatalog } from "../../../src/catalog/index.ts";
import type { EvaluationInput } from "../../../src/evaluation/index.ts";
import type { ChangeDossier } from "../../../src/model/dossier.ts";
import { policySchema } from "../../../src/model/policy.ts";
import { packageRoot } from "../../../src/util/root.ts";
import {
  changeDossier,
  commitDossier,
  configurationDossier,
  deployment,
  deploymentDossier,
  head,
  older,
  review,
  rule,
  rulesAt,
  t,
} from "../attributes/dossiers.ts";

export const catalog = loadCatalog(join(packageRoot(), "controls"), attributes, []);

const oidOf = (number: number): string => String(number).repeat(40).slice(0, 40);

/** The change with the number, merged under an own commit; `fields` as changeDossier has them. */
export const numbered = (number: number, fields: Parameters<typeof changeDossier>[0] = {}): ChangeDossier =>
  changeDossier({ ...fields, change: { number, mergeOid: oidOf(number), ...fields.change } });

/** A small October: four changes (one approved by its own author, one stale), a pushed commit, two deployments. */
export function october() {
  const clean = numbered(12);
  const own = numbered(13, { reviews: [review("ada", 30)] });
  const stale = numbered(14, { reviews: [review("ben", 10, { oid: older })] });
  const unread = numbered(15, { gaps: { checks: "check runs are gone after 400 days" } });
  return {
    commits: [
      ...[clean, own, stale, unread].map((change) => commitDossier(change)),
      commitDossier(undefined, { oid: older, reached: { from: t(61), to: t(65), exact: false } }),
    ],
    changes: [clean, own, stale, unread],
    deployments: [
      deploymentDossier([clean], { deployment: deployment("90"), succeededAt: t(75) }),
      deploymentDossier([own, stale, unread], { deployment: deployment("91", head), succeededAt: t(95) }),
    ],
    configuration: [configurationDossier(rulesAt(rule()))],
  };
}

/** What evaluation is given, with an October of one system. */
export function input(more: Partial<EvaluationInput> = {}): EvaluationInput {
  return {
    tool: { name: "flowproof", version: "0.0.0" },
    organisation: { name: "Riverbank", slug: "riverbank", timezone: "UTC" },
    period: {
      id: "2026-10",
      from: "2026-10-01T00:00:00Z",
      to: "2026-11-01T00:00:00Z",
      asOf: "2026-11-03T00:00:00Z",
      cutAt: null,
    },
    scope: {
      systems: [
        { id: "payments", team: "checkout", profile: "continuous", environments: ["production"], repositories: [] },
      ],
      repositories: [],
    },
    provenance: { sources: [], runs: [], queries: [] },
    coverage: [],
    reconciliation: { rows: [], unmatched: [] },
    identities: [],
    continuity: [],
    bypassed: [],
    access: [],
    movedTags: [],
    alerts: [],
    metrics: [],
    checkpoint: { size: 1, root: "00", at: "2026-11-03T00:00:00Z" },
    catalog,
    attributes,
    policies: [{ policy: policySchema.parse({ from: "2026-01-01" }), firstSeen: "2026-01-01T00:00:00Z" }],
    waivers: [],
    dossiers: october(),
    ...more,
  };
}
