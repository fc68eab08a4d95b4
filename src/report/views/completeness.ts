import type { AssessmentResult, CoverageRow } from "../../model/assessment.ts";
import { itemAnchor } from "../anchors.ts";
import { grouped, list, number, sentence } from "../format.ts";
import { streamNames } from "../labels.ts";
import type { Pack } from "../pack.ts";
import { collectedSince, unseenRows } from "./cover.ts";

/** What the population rests on: sources, runs, queries, coverage, the tie-out. */
export function completenessView(pack: Pack) {
  const { result, time } = pack;
  const { provenance, reconciliation, scope } = result;
  return {
    sources: provenance.sources.map((source) => ({
      ...source,
      scopes: source.scopes.join(", ") || "not stated by the source",
    })),
    runs: provenance.runs.map((run) => ({
      id: run.id,
      started: time.minute(run.startedAt),
      ended: run.endedAt === null ? "never" : time.minute(run.endedAt),
      outcome: run.outcome,
      done: run.outcome === "done",
      requests: number(run.requests),
      records: number(run.records),
      tool: run.tool,
    })),
    queries: provenance.queries.map(({ operation, digest, requests }) => ({
      operation,
      digest: grouped(digest),
      requests: number(requests),
    })),
    since: collectedSince(pack),
    coverage: coverageMatrix(result.coverage),
    gaps: unseenRows(pack),
    rows: reconciliation.rows.map(({ system, commits, changes, deployments }) => ({
      system,
      commits: [commits.onLine, commits.explained, commits.unexplained].map(cell),
      changes: [changes.merged, changes.onLine, changes.notOnLine].map(cell),
      deployments: [deployments.succeeded, deployments.traced, deployments.untraced, deployments.unknown].map(cell),
    })),
    flows: reconciliation.rows.map(({ system, flow }) => ({
      system,
      known: flow !== null,
      cells: flow ? [flow.opening, flow.merged, flow.deployed, flow.withdrawn, flow.closing].map(number) : [],
    })),
    unmatched: reconciliation.unmatched.map((row) => ({
      kind: row.label.startsWith(row.kind) ? null : row.kind,
      system: row.system,
      label: row.label,
      anchor: pack.items.has(row.item) ? itemAnchor(row.item) : null,
      why: row.why,
      records: pack.records([row.record]),
      exceptions: pack.exceptionsOf(row.item).map(({ id }) => pack.exceptionRef(id)),
    })),
    promotions: (reconciliation.promotions ?? []).map((promotion) => ({
      ...promotion,
      mergedAt: time.minute(promotion.mergedAt),
      commit: promotion.commit?.slice(0, 8) ?? "not named",
      identicalTo: promotion.identicalTo?.slice(0, 8) ?? null,
      records: pack.records([promotion.record]),
    })),
    systems: scope.systems.map((system) => ({
      id: system.id,
      team: system.team,
      profile: system.profile,
      environments: system.environments.join(", "),
      repositories: system.repositories.map(branchesOf).join(", "),
    })),
    repositories: (["inScope", "excluded", "unlisted"] as const).map((status) => {
      const mine = scope.repositories.filter((repository) => repository.status === status);
      return {
        status: scopeNames[status],
        count: number(mine.length),
        any: mine.length > 0,
        names: mine.map(withReason),
      };
    }),
  };
}

const scopeNames = { inScope: "in scope", excluded: "excluded", unlisted: "in no list of the configuration" };

/** `acme/shop (main, promoted to prod)`: where changes land, and where they are promoted to after that. */
function branchesOf({ name, branch, promotedThrough = [] }: Repository): string {
  return promotedThrough.length === 0
    ? `${name} (${branch})`
    : `${name} (${branch}, promoted to ${list(promotedThrough)})`;
}
type Repository = AssessmentResult["scope"]["systems"][number]["repositories"][number];

const withReason = ({ name, reason }: { name: string; reason: string }): string =>
  reason ? `${name} (${reason})` : name;

/** The last figure of a group is what does not tie out: marked unless it is zero. */
function cell(value: number, index: number): { text: string; open: boolean } {
  return { text: number(value), open: index > 1 && value > 0 };
}

function coverageMatrix(rows: readonly CoverageRow[]) {
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  const scopes = Map.groupBy(rows, ({ system, repository }) => (system ? `${system}: ${repository}` : repository));
  return {
    kinds: kinds.map((kind) => sentence(streamNames[kind] ?? kind)),
    rows: [...scopes].map(([scope, mine]) => ({
      scope,
      cells: kinds.map((kind) => {
        const row = mine.find((row) => row.kind === kind);
        if (!row) return { text: "not asked", note: null, tone: "still" };
        const differs = row.sourceTotal !== null && row.sourceTotal !== row.stored;
        return {
          text: row.status === "unobserved" ? "unobserved" : number(row.stored),
          note:
            row.status === "partial" ? "in part" : row.sourceTotal === null ? null : `of ${number(row.sourceTotal)}`,
          tone: row.status !== "complete" || differs ? "unseen" : "flow",
        };
      }),
    })),
  };
}
