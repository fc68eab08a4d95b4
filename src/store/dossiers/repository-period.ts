import { compare } from "../../model/compare.ts";
import type {
  Change,
  Deployment,
  DeploymentStatus,
  EntityOf,
  GraphCommit,
  RuleSuite,
  Seen,
} from "../../model/entity.ts";
import { commitKey } from "../../model/keys.ts";
import { type Attributed, attributeDeployments } from "./attribution.ts";
import type { RepositoryView } from "./change-dossier.ts";
import type { BranchEvidence } from "./evidence.ts";
import { explainedLine } from "./explained-line.ts";
import { ancestorsOf, type Explained, firstParentLine, type Line, type Reached } from "./first-parent-line.ts";
import type { CoverageIndex } from "./gaps.ts";
import { type Lost, lostFrom } from "./lost-at.ts";
import { unknownBranch } from "./misnamed.ts";
import { onceProduction, toProduction } from "./production.ts";
import { rulesHistory } from "./protection-history.ts";
import { looksAt } from "./protection-timeline.ts";
import type { DossierRequest, ScopedRepository } from "./scope.ts";

/** One repository's period before its changes are read whole. */
export interface RepositoryPeriod {
  readonly view: RepositoryView;
  readonly line: Line;
  readonly graph: ReadonlyMap<string, Seen<GraphCommit>>;
  readonly explained: Explained;
  readonly reached: readonly Reached[];
  /** The looks at the released branch, oldest first. */
  readonly heads: readonly Seen<EntityOf<"branchHead">>[];
  /** What any of them found that the line has no more. */
  readonly lost: readonly Lost[];
  /** Every merged change of the repository, whatever its base. */
  readonly byNumber: ReadonlyMap<number, Seen<Change>>;
  /** Every change ever merged to the released branch, by merge time. */
  readonly changes: readonly Seen<Change>[];
  readonly deployments: readonly Attributed[];
  readonly inPeriod: {
    readonly places: readonly number[];
    readonly changes: readonly Seen<Change>[];
    readonly deployments: readonly Attributed[];
    /** What it had and lost since, or lost in it, whenever that had come. */
    readonly pushedAway: readonly Lost[];
    /** Created in it, and of no known end; with the last state said. */
    readonly unended: readonly { readonly deployment: Seen<Deployment>; readonly state: string }[];
    /** Production's once, which the source files elsewhere today. */
    readonly refiled: readonly { readonly deployment: Seen<Deployment>; readonly nowIn: string }[];
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
  const looks = evidence.heads.get(repository.key) ?? [];
  const heads = looks.filter(({ branch }) => branch === repository.branch);
  const line = firstParentLine(heads, graph);
  const all = evidence.changes.get(repository.key) ?? [];
  const beginning = evidence.repositories.get(repository.key)?.[0]?.createdAt ?? unknownBeginning;
  const branches = [repository.branch, ...(repository.promotedThrough ?? [])];
  const activity = evidence.activity.get(repository.key) ?? [];
  const moves = activity.filter(({ branch }) => branch === repository.branch);
  const ownOids = (change: string) => new Set(evidence.rebased.get(change)?.map(({ oid }) => oid));
  const { explained, elsewhere, byHand, reached, ...came } = explainedLine(line, graph, all, heads, {
    moves,
    branches,
    beginning,
    ownOids,
  });
  const lost = lostFrom(heads, graph, moves, { changes: all, beginning, ownOids }, line);
  const onLine = (oid: string) => line.index.has(oid);
  const changes = all.filter((change) =>
    change.mergeOid !== null && onLine(change.mergeOid)
      ? true
      : byHand.has(change.key) || change.baseRef === repository.branch,
  );
  const allProduction = (evidence.deployments.get(repository.key) ?? []).flatMap((deployment) =>
    toProduction(repository, deployment, evidence.statuses.get(deployment.key) ?? []),
  );
  const succeeded = allProduction.flatMap(({ deployment, statuses, succeededAt }) =>
    succeededAt === undefined ? [] : [{ deployment, statuses, succeededAt }],
  );
  const byEnvironment = Map.groupBy(succeeded, (item) => item.deployment.environment);
  const ancestors = ancestorsOf(line, graph);
  const known = new Map([...graph, ...twinsOffLine(repository.key, succeeded, line, graph, evidence)]);
  const deployments = [...byEnvironment.values()]
    .flatMap((some) => attributeDeployments(some, line, known, ancestors, reached))
    .sort((a, b) => compare(a.succeededAt, b.succeededAt) || compare(a.deployment.key, b.deployment.key));
  const within = (at: string) => at >= from && at < to;
  const until = coverage.until(`${repository.key}/changes`) ?? from;
  const movesTo = Map.groupBy(activity, ({ after }) => after ?? "");
  const suites = (evidence.suites.get(repository.key) ?? []).filter(({ branch }) => branch === repository.branch);
  return {
    view: {
      repository,
      coverage,
      ...unknownOf(repository, evidence),
      ...protectionOf(repository, repository.branch, evidence, coverage),
      promoted: (repository.promotedThrough ?? []).map((branch) => {
        const own = activity.filter((move) => move.branch === branch);
        const seen = looks.filter((head) => head.branch === branch);
        return {
          branch,
          ...unknownOf({ ...repository, branch }, evidence),
          ...protectionOf(repository, branch, evidence, coverage),
          moves: own,
          lost: lostFrom(seen, graph, own, { changes: all, beginning, ownOids }),
        };
      }),
      onLine,
      elsewhere,
      graph,
      moves,
      moveOf: (oid) => came.moves.get(line.index.get(oid) ?? -1),
      movesTo: (oid) => movesTo.get(oid) ?? [],
      suiteOf: suitesOf(suites),
      handMerge: (change) => byHand.get(change),
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
    heads,
    lost,
    changes,
    deployments,
    byNumber: new Map(all.map((change) => [change.number, change])),
    inPeriod: {
      places: reached.flatMap((at, place) =>
        (at.exact ? within(at.from) : at.to >= from && at.from < to) ? [place] : [],
      ),
      changes: changes.filter((change) => within(change.mergedAt)),
      deployments: deployments.filter((deployment) => within(deployment.succeededAt)),
      pushedAway: lost.filter((one) => within(one.reached.to) || within(one.goneAt)),
      unended: allProduction.flatMap(({ deployment, statuses, succeededAt }) => {
        const state = lastState(statuses);
        const ended = ["success", "failure"].includes(state) || succeededAt !== undefined;
        return within(deployment.createdAt) && !ended ? [{ deployment, state }] : [];
      }),
      refiled: allProduction.flatMap(({ deployment, succeededAt, nowIn }) =>
        nowIn !== undefined && succeededAt !== undefined && within(succeededAt) ? [{ deployment, nowIn }] : [],
      ),
      unlisted: unlistedOf(repository, evidence, deployments).filter(({ succeededAt }) => within(succeededAt)),
    },
  };
}

/** The source's own records of what was deployed to production that no deployment counted accounts for. */
function unlistedOf(repository: ScopedRepository, evidence: BranchEvidence, counted: readonly Attributed[]) {
  if (repository.deployments === undefined) return [];
  const known = new Set(counted.map(({ deployment }) => deployment.oid));
  return (evidence.deployments.get(repository.key) ?? []).flatMap((deployment) => {
    if (deployment.origin !== undefined || known.has(deployment.oid)) return [];
    const statuses = evidence.statuses.get(deployment.key) ?? [];
    return onceProduction(repository.environments, deployment, statuses).flatMap(
      ({ deployment: named, succeededAt }) => (succeededAt === undefined ? [] : [{ deployment: named, succeededAt }]),
    );
  });
}

/** Commits that were deployed from a change's own branch, and whose tree a commit of the line has: what was approved and merged. */
function twinsOffLine(
  repository: string,
  deployments: readonly { readonly deployment: Seen<Deployment> }[],
  line: Line,
  graph: ReadonlyMap<string, Seen<GraphCommit>>,
  { deployed }: BranchEvidence,
): readonly (readonly [string, Seen<GraphCommit>])[] {
  const trees = new Set(line.commits.map(({ tree }) => tree));
  return deployments.flatMap(({ deployment: { oid, origin, record: own } }) => {
    const key = commitKey(repository, oid);
    const { tree, record } = deployed.get(key) ?? {
      tree: origin?.from === "workflow" ? origin.tree : null,
      record: own,
    };
    if (!tree || graph.has(oid) || !trees.has(tree)) return [];
    return [[oid, { type: "graphCommit", key, repository, oid, parents: [], tree, changes: [], record }] as const];
  });
}

/** The source's evaluations of its rules by the commit a branch moved to: of several of one commit the last bypass, where there was any, else the last. */
function suitesOf(suites: readonly Seen<RuleSuite>[]): RepositoryView["suiteOf"] {
  const bypassed = suites.filter(({ result }) => result === "bypassed");
  const others = suites.filter(({ result }) => result === "passed" || result === "unknown");
  const byCommit = new Map([...others, ...bypassed].map((suite) => [suite.after, suite]));
  return (oid) => byCommit.get(oid);
}

/** Why the source is not known to have a branch, where it is not. */
function unknownOf(branch: ScopedRepository, evidence: BranchEvidence): Pick<RepositoryView, "unknownBranch"> {
  const why = unknownBranch(branch, evidence);
  return why === undefined ? {} : { unknownBranch: why };
}

/** What the looks at a branch's rules, and the versions of its rule sets, say of them. */
function protectionOf(repository: ScopedRepository, branch: string, evidence: BranchEvidence, coverage: CoverageIndex) {
  const stream = `${repository.key}/protection`;
  const said = coverage.of(stream);
  const protections = (evidence.protections.get(repository.key) ?? []).filter((p) => p.branch === branch);
  // A look that read a part saw again what it shares with the one before.
  const times = said.filter(({ status }) => status !== "unobserved").map(({ to }) => to);
  const partial = new Set(said.flatMap(({ status, to }) => (status === "complete" ? [] : [to])));
  // A look that cannot be read may have seen other rules, so the ones before it vouch for nothing.
  const seen = coverage.unreadable(stream) === undefined ? looksAt(times, protections) : [];
  const looks = seen.map((look) => ({ ...look, partial: partial.has(look.at) }));
  const readable = coverage.unreadable(`${repository.key}/ruleVersions`) === undefined;
  const versions = (evidence.versions.get(repository.key) ?? []).filter(
    (version) => (version.branch ?? repository.branch) === branch,
  );
  return { looks, history: rulesHistory(looks, readable ? versions : []) };
}

const lastState = (statuses: readonly DeploymentStatus[]): string =>
  [...statuses].sort((a, b) => compare(a.createdAt, b.createdAt)).at(-1)?.state ?? "none";

/** Where the source does not say when a repository was made. */
const unknownBeginning = "0001-01-01T00:00:00Z";
