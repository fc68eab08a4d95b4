import type { Change, Deployment, DeploymentStatus, GraphCommit, Seen } from "../../model/entity.ts";
import { commitKey } from "../../model/keys.ts";
import { type Attributed, attributeDeployments, firstSuccess } from "./attribution.ts";
import { movesOfLine, placedByMoves } from "./branch-moves.ts";
import type { RepositoryView } from "./change-dossier.ts";
import type { BranchEvidence } from "./evidence.ts";
import {
  ancestorsOf,
  explainLine,
  firstParentLine,
  type Line,
  mergedElsewhere,
  type PushedAway,
  placeLine,
  pushedAway,
  type Reached,
} from "./first-parent-line.ts";
import { type CoverageIndex, deploymentStream } from "./gaps.ts";
import { handMerges } from "./hand-merges.ts";
import { rulesHistory } from "./protection-history.ts";
import { looksAt } from "./protection-timeline.ts";
import type { DossierRequest, ScopedRepository } from "./scope.ts";

/** One repository's period before its changes are read whole. */
export interface RepositoryPeriod {
  readonly view: RepositoryView;
  readonly line: Line;
  readonly graph: ReadonlyMap<string, Seen<GraphCommit>>;
  readonly explained: ReadonlyMap<string, Seen<Change>>;
  readonly reached: readonly Reached[];
  /** Every merged change of the repository, whatever its base. */
  readonly byNumber: ReadonlyMap<number, Seen<Change>>;
  /** Every change ever merged to the released branch, by merge time. */
  readonly changes: readonly Seen<Change>[];
  readonly deployments: readonly Attributed[];
  readonly inPeriod: {
    readonly places: readonly number[];
    readonly changes: readonly Seen<Change>[];
    readonly deployments: readonly Attributed[];
    readonly pushedAway: readonly PushedAway[];
    /** Created in it, and of no known end; with the last state said. */
    readonly unended: readonly { readonly deployment: Seen<Deployment>; readonly state: string }[];
    /** What the source records to have succeeded, where the system's deployments are read from elsewhere and none of those is of its commit. */
    readonly unlisted: readonly { readonly deployment: Seen<Deployment>; readonly succeededAt: string }[];
  };
}

/** Lays out one repository's line, changes and deployments, and which of them the period has. */
export function repositoryPeriod(
  repository: ScopedRepository,
  request: DossierRequest,
  evidence: BranchEvidence,
  coverage: CoverageIndex,
): RepositoryPeriod {
  const { from, to } = request;
  const graph = new Map((evidence.graph.get(repository.key) ?? []).map((commit) => [commit.oid, commit]));
  const heads = (evidence.heads.get(repository.key) ?? []).filter((head) => head.branch === repository.branch);
  const line = firstParentLine(heads, graph);
  const all = evidence.changes.get(repository.key) ?? [];
  const merged = explainLine(line, all);
  const byHand = handMerges(line, merged, all);
  const explained = new Map([...merged, ...byHand]);
  const mergeOids = new Map([...byHand].map(([oid, change]) => [change.key, oid]));
  const beginning = evidence.repositories.get(repository.key)?.[0]?.createdAt ?? unknownBeginning;
  const branches = [repository.branch, ...(repository.promotedThrough ?? [])];
  const elsewhere = mergedElsewhere(line, explained, branches, heads);
  const activity = evidence.activity.get(repository.key) ?? [];
  const moves = activity.filter(({ branch }) => branch === repository.branch);
  const placed = placeLine(line, explained, heads, beginning, elsewhere);
  const movesByPlace = movesOfLine(line, graph, moves, placed);
  const reached = placedByMoves(placed, movesByPlace);
  const onLine = (oid: string) => line.index.has(oid);
  const changes = all.filter((change) =>
    change.mergeOid !== null && onLine(change.mergeOid)
      ? true
      : mergeOids.has(change.key) || change.baseRef === repository.branch,
  );
  const toProduction = (evidence.deployments.get(repository.key) ?? []).flatMap((deployment) =>
    deploymentTo(repository, deployment),
  );
  const succeeded = toProduction.flatMap((deployment) => {
    const statuses = evidence.statuses.get(deployment.key) ?? [];
    const succeededAt = firstSuccess(statuses);
    return succeededAt === undefined ? [] : [{ deployment, statuses, succeededAt }];
  });
  const byEnvironment = Map.groupBy(succeeded, (item) => item.deployment.environment);
  const ancestors = ancestorsOf(line, graph);
  const known = new Map([...graph, ...twinsOffLine(repository.key, toProduction, line, graph, evidence)]);
  const deployments = [...byEnvironment.values()]
    .flatMap((some) => attributeDeployments(some, line, known, ancestors))
    .sort((a, b) => compare(a.succeededAt, b.succeededAt) || compare(a.deployment.key, b.deployment.key));
  const within = (at: string) => at >= from && at < to;
  const until = coverage.until(`${repository.key}/changes`) ?? from;
  const movesTo = Map.groupBy(activity, ({ branch, after }) => `${branch} ${after}`);
  const suites = (evidence.suites.get(repository.key) ?? []).filter(({ branch }) => branch === repository.branch);
  const suiteOf = new Map(suites.filter(({ result }) => result !== "failed").map((suite) => [suite.after, suite]));
  return {
    view: {
      repository,
      coverage,
      ...protectionOf(repository, evidence, coverage),
      onLine,
      elsewhere,
      graph,
      moves,
      moveOf: (oid) => movesByPlace.get(line.index.get(oid) ?? -1),
      movesTo: (branch, oid) => movesTo.get(`${branch} ${oid}`) ?? [],
      suiteOf: (oid) => suiteOf.get(oid),
      handMerge: (change) => mergeOids.get(change),
      access: evidence.access.get(repository.key) ?? [],
      environments: evidence.environments.get(repository.key) ?? [],
      tags: evidence.tags.get(repository.key) ?? [],
      identities: request.identities,
      evidenceUntil: until < request.asOf ? until : request.asOf,
    },
    line,
    graph,
    explained,
    reached,
    changes,
    deployments,
    byNumber: new Map(all.map((change) => [change.number, change])),
    inPeriod: {
      places: reached.flatMap((at, place) =>
        (at.exact ? within(at.from) : at.to >= from && at.from < to) ? [place] : [],
      ),
      changes: changes.filter((change) => within(change.mergedAt)),
      deployments: deployments.filter((deployment) => within(deployment.succeededAt)),
      pushedAway: pushedAway(line, graph, all, heads, beginning).filter((lost) => within(lost.reached.to)),
      unended: toProduction.flatMap((deployment) => {
        const state = lastState(evidence.statuses.get(deployment.key) ?? []);
        const ended = ["success", "failure"].includes(state) || succeeded.some((one) => one.deployment === deployment);
        return within(deployment.createdAt) && !ended ? [{ deployment, state }] : [];
      }),
      unlisted: unlistedOf(repository, evidence, deployments).filter(({ succeededAt }) => within(succeededAt)),
    },
  };
}

/** A deployment of the stream that the system's are read from, where it is to production; a job says nothing of where it deploys, the configuration does. */
function deploymentTo(repository: ScopedRepository, deployment: Seen<Deployment>): readonly Seen<Deployment>[] {
  const { environments, key } = repository;
  const { origin, environment } = deployment;
  if ((origin?.stream ?? `${key}/deployments`) !== deploymentStream(repository)) return [];
  if (origin?.from === "workflow") return [{ ...deployment, environment: environments.join(", ") }];
  return environments.includes(environment) ? [deployment] : [];
}

/** The source's own records of what was deployed to production that no deployment counted accounts for. */
function unlistedOf(repository: ScopedRepository, evidence: BranchEvidence, counted: readonly Attributed[]) {
  if (repository.deployments === undefined) return [];
  const known = new Set(counted.map(({ deployment }) => deployment.oid));
  return (evidence.deployments.get(repository.key) ?? []).flatMap((deployment) => {
    const { environment, key, oid, origin } = deployment;
    const succeededAt = firstSuccess(evidence.statuses.get(key) ?? []);
    const isOther = origin === undefined && repository.environments.includes(environment) && !known.has(oid);
    return isOther && succeededAt !== undefined ? [{ deployment, succeededAt }] : [];
  });
}

/** Commits that were deployed from a change's own branch, and whose tree a commit of the line has: what was approved and merged. */
function twinsOffLine(
  repository: string,
  deployments: readonly Seen<Deployment>[],
  line: Line,
  graph: ReadonlyMap<string, Seen<GraphCommit>>,
  { deployed }: BranchEvidence,
): readonly (readonly [string, Seen<GraphCommit>])[] {
  const trees = new Set(line.commits.map(({ tree }) => tree));
  return deployments.flatMap(({ oid, origin, record: own }) => {
    const key = commitKey(repository, oid);
    const { tree, record } = deployed.get(key) ?? {
      tree: origin?.from === "workflow" ? origin.tree : null,
      record: own,
    };
    if (!tree || graph.has(oid) || !trees.has(tree)) return [];
    return [[oid, { type: "graphCommit", key, repository, oid, parents: [], tree, changes: [], record }] as const];
  });
}

/** What the looks at a branch's rules, and the versions of its rule sets, say of them. */
function protectionOf(repository: ScopedRepository, evidence: BranchEvidence, coverage: CoverageIndex) {
  const stream = `${repository.key}/protection`;
  const said = coverage.of(stream);
  const protections = (evidence.protections.get(repository.key) ?? []).filter((p) => p.branch === repository.branch);
  const times = said.filter(({ status }) => status === "complete").map(({ to }) => to);
  const partial = new Set(said.flatMap(({ status, to }) => (status === "complete" ? [] : [to])));
  // A look that cannot be read may have seen other rules, so the ones before it vouch for nothing.
  const seen = coverage.unreadable(stream) === undefined ? looksAt(times, protections) : [];
  const looks = seen.map((look) => ({ ...look, partial: partial.has(look.at) }));
  const readable = coverage.unreadable(`${repository.key}/ruleVersions`) === undefined;
  return { looks, history: rulesHistory(looks, readable ? (evidence.versions.get(repository.key) ?? []) : []) };
}

const lastState = (statuses: readonly DeploymentStatus[]): string =>
  [...statuses].sort((a, b) => compare(a.createdAt, b.createdAt)).at(-1)?.state ?? "none";

/** Where the source does not say when a repository was made. */
const unknownBeginning = "0001-01-01T00:00:00Z";

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
