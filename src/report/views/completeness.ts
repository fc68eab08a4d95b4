import type { AssessmentResult, CoverageRow } from "../../model/assessment.ts";
import { furtherKinds } from "../../model/stream.ts";
import { leakAnchor, unseenAnchor } from "../anchors.ts";
import { branchesOf } from "../branches-of.ts";
import type { Flow } from "../flow.ts";
import { counted, grouped, list, number, sentence } from "../format.ts";
import { branchOf, streamNames } from "../labels.ts";
import { limits } from "../limits.ts";
import { cutOf, listed, restOf } from "../listed.ts";
import type { Pack } from "../pack.ts";
import { collectedSince, isOnThisMachine } from "./cover.ts";
import { keptView } from "./kept.ts";
import { listingRows, listingTotals } from "./listings.ts";
import { tieTotals } from "./tie.ts";
import { unseenRows } from "./unseen.ts";

/** What the population rests on: sources, runs, queries, coverage, the tie-out. */
export function completenessView(pack: Pack, flow: Flow) {
  const { result, time } = pack;
  const { provenance, reconciliation, scope } = result;
  const unmatched = listed(reconciliation.unmatched, limits.unmatched);
  const { promotions = [] } = reconciliation;
  const coverage = listed(result.coverage, limits.coverage, ({ status }) => Number(status === "complete"));
  return {
    sources: provenance.sources.map((source) => ({
      ...source,
      scopes: source.scopes.join(", ") || "not stated by the source",
      onThisMachine: isOnThisMachine(source),
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
    queries: provenance.queries.map(({ operation, digest, requests, variables = [] }) => ({
      operation,
      // All of it is in assessment.json, as is the text.
      digest: grouped(digest.slice(0, 16)),
      requests: number(requests),
      variables: variables.map(({ names, requests: sent }) => ({
        names: names.join(", ") || "none",
        requests: variables.length > 1 ? `${number(sent)}\u00a0×` : null,
      })),
    })),
    printedOf: cutPopulation(pack.printed),
    listings: listingRows(pack),
    allListings: listingTotals(pack),
    since: collectedSince(pack),
    coverage: coverageMatrices(coverage),
    cuts: {
      unmatched: cutOf(() => pack.file("unmatched.csv"), {
        anchor: "unmatched-not-printed",
        shown: unmatched.length,
        all: reconciliation.unmatched.length,
        what: "unmatched items",
        which: "the first of them",
        sheet: "Unmatched",
      }),
      coverage: cutOf(() => pack.file("coverage.csv"), {
        anchor: "coverage-not-printed",
        shown: coverage.length,
        all: result.coverage.length,
        what: "streams",
        which: "those that were not observed whole first",
        sheet: "Coverage",
      }),
    },
    gaps: unseenRows(pack),
    overrides: overridesText(result.bypasses),
    kept: keptView(pack),
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
    flowTotals: flowTotals(reconciliation),
    totals: totalCells(reconciliation),
    flow: flowTable(flow),
    unmatched: unmatchedGroups(unmatched).map(({ id, rows }) => ({
      id,
      count: rows.length,
      rows: rows.map((row) => ({
        kind: row.label.startsWith(row.kind) ? null : row.kind,
        system: row.system,
        label: row.label,
        anchor: pack.printed.placeOf(row.item),
        why: row.why,
        records: pack.records([row.record]),
        exceptions: pack.exceptionsOf(row.item).map(({ id }) => pack.exceptionRef(id)),
      })),
    })),
    elsewhere: elsewhereView(pack),
    promotions: promotions.slice(0, limits.elsewhere).map((promotion) => ({
      ...promotion,
      mergedAt: time.minute(promotion.mergedAt),
      commit: promotion.commit?.slice(0, 8) ?? "not named",
      identicalTo: promotion.identicalTo?.slice(0, 8) ?? null,
      records: pack.records([promotion.record]),
    })),
    morePromotions: restOf(limits.elsewhere, promotions.length, "promotions", "reconciliation.promotions"),
    systems: scope.systems.map((system) => ({
      id: system.id,
      team: system.team,
      profile: system.profile,
      environments: system.environments.join(", "),
      deployments: system.deployments ?? "as the source records them",
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

/** Of what the population prints only what did not pass; null where it prints every line. */
export function cutPopulation({ changes, deployments, all }: Pack["printed"]): string | null {
  const cut = [
    ...(changes.length < all.changes.length ? ["changes"] : []),
    ...(deployments.length < all.deployments.length ? ["deployments"] : []),
  ];
  return cut.length === 0 ? null : list(cut);
}

type Unmatched = readonly AssessmentResult["reconciliation"]["unmatched"][number][];

/** By kind, promotions that are no items apart, so that each number of the first page has its own list. */
function unmatchedGroups(all: Unmatched): readonly { readonly id: string; readonly rows: Unmatched }[] {
  const groups = Map.groupBy(all, ({ kind, item }) => (item === "" ? "promotion" : kind));
  return ["commit", "change", "deployment", "promotion"].flatMap((kind) => {
    const rows = groups.get(kind as never) ?? [];
    return rows.length === 0 ? [] : [{ id: `unmatched-${kind}`, rows }];
  });
}

/** The sums of what was carried from one period to the next; null for a single system, or where one is not known. */
function flowTotals({ rows }: AssessmentResult["reconciliation"]): readonly string[] | null {
  const flows = rows.flatMap(({ flow }) => flow ?? []);
  if (flows.length < rows.length || rows.length < 2) return null;
  return (["opening", "merged", "deployed", "withdrawn", "closing"] as const).map((column) =>
    number(flows.reduce((sum, flow) => sum + flow[column], 0)),
  );
}

/** The last line of the tie-out, each cell named so that the first page can lead to it. */
function totalCells(reconciliation: AssessmentResult["reconciliation"]) {
  const totals = tieTotals(reconciliation);
  const cells = (...columns: (keyof typeof totals)[]) =>
    columns.map((column, index) => ({ id: `tie-${column}`, count: totals[column], ...cell(totals[column], index) }));
  return {
    commits: cells("commits", "explained", "unexplained"),
    changes: cells("changes", "arrived", "missing"),
    deployments: cells("deployments", "traced", "untraced", "unknown"),
  };
}

/** What entered each gate of the flow, left it there and went on; its last line is the headline of the first page. */
function flowTable({ commits, gates, verdict, delivered, waiting }: Flow) {
  const leaks = gates.reduce((sum, gate) => sum + gate.leaks.length, 0);
  const unseen = gates.reduce((sum, gate) => sum + gate.unseen.length, 0);
  return {
    any: commits > 0,
    gates: gates.map(({ id, behind, without, entering, leaks: left, unseen: open }) => ({
      id: `flow-${id}`,
      behind: sentence(behind),
      entering: number(entering),
      left: { text: number(left.length), what: without, anchor: left.length > 0 ? leakAnchor(id) : null },
      open: { text: number(open.length), anchor: open.length > 0 ? unseenAnchor(id) : null },
      on: number(entering - left.length - open.length),
    })),
    commits: number(commits),
    left: { text: number(leaks), count: leaks },
    open: { text: number(unseen), count: unseen },
    passed: { text: number(verdict.passed), count: verdict.passed },
    split: `${number(delivered)} in production, ${number(waiting)} not yet deployed`,
    waived: verdict.waived > 0 ? `, ${number(verdict.waived)} of them waived in advance` : "",
  };
}

/** That the audit log tells of more than the ledger of bypasses; null where it does not. */
function overridesText({ overrides = [] }: AssessmentResult["bypasses"]): string | null {
  if (overrides.length === 0) return null;
  return `The source's audit log tells of ${counted(overrides.length, "override")} of released branches' rules that no bypass in this pack explains: the ledger of bypasses is not complete by as many.`;
}

const scopeNames = { inScope: "in scope", excluded: "excluded", unlisted: "in no list of the configuration" };

const withReason = ({ name, reason }: { name: string; reason: string }): string =>
  reason ? `${name} (${reason})` : name;

/** The last figure of a group is what does not tie out: marked unless it is zero. */
function cell(value: number, index: number): { text: string; open: boolean } {
  return { text: number(value), open: index > 1 && value > 0 };
}

/** Changes merged to branches that are not released, with the sum that they complete; null for none. */
function elsewhereView({ result: { reconciliation }, time, records }: Pack) {
  const { rows, elsewhere = [], promotions = [] } = reconciliation;
  if (elsewhere.length === 0) return null;
  const merged = rows.reduce((total, { changes }) => total + changes.merged, 0);
  const parts = [
    `${number(merged)} of the tie-out`,
    ...(promotions.length > 0 ? [`${counted(promotions.length, "promotion")}`] : []),
    `${number(elsewhere.length)} named here`,
  ];
  return {
    sum: `All ${number(merged + promotions.length + elsewhere.length)} merged changes of the period that are stored: ${list(parts)}, which did not reach the released branch and are not in the population.`,
    more: restOf(limits.elsewhere, elsewhere.length, "changes merged to other branches", "reconciliation.elsewhere"),
    rows: elsewhere.slice(0, limits.elsewhere).map((change) => ({
      ...change,
      mergedAt: time.minute(change.mergedAt),
      records: records([change.record]),
    })),
  };
}

/** What the controls rest on, and apart from it what adds to the answers where it may be read: together they would be too wide for a page. */
function coverageMatrices(rows: readonly CoverageRow[]) {
  const ofOwners = rows.filter(({ system }) => system === null);
  const [core, further] = [true, false].map((wanted) =>
    rows.filter(({ kind, system }) => system !== null && furtherKinds.every((one) => one !== kind) === wanted),
  );
  return [
    { title: null, ...coverageMatrix(core ?? []) },
    ...(further?.length
      ? [{ title: "What adds to it where the source lets it be read", ...coverageMatrix(further) }]
      : []),
    ...(ofOwners.length > 0
      ? [{ title: "What the source keeps for all repositories together", ...coverageMatrix(ofOwners) }]
      : []),
  ];
}

function coverageMatrix(rows: readonly CoverageRow[]) {
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  const scopes = Map.groupBy(rows, ({ system, repository }) => (system ? `${system}: ${repository}` : repository));
  return {
    kinds: kinds.map((kind) => sentence(streamNames[kind])),
    rows: [...scopes].map(([scope, mine]) => ({
      scope,
      cells: kinds.map((kind) => {
        const streams = mine.filter((row) => row.kind === kind);
        return streams.length === 0
          ? [{ branch: null, text: "not asked", note: null, tone: "still" }]
          : streams.map(coverageCell);
      }),
    })),
  };
}

/** What was seen of one stream; a branch's name where the repository has another stream of the kind. */
function coverageCell(row: CoverageRow) {
  const differs = row.sourceTotal !== null && row.sourceTotal !== row.stored;
  return {
    branch: branchOf(row),
    text: row.status === "unobserved" ? "unobserved" : number(row.stored),
    note: row.status === "partial" ? "in part" : row.sourceTotal === null ? null : `of ${number(row.sourceTotal)}`,
    tone: row.status !== "complete" || differs ? "unseen" : "flow",
  };
}
