import type { ChangeDossier, CommitDossier, ConfigurationDossier, DeploymentDossier } from "../../model/dossier.ts";
import type { Change, Deployment, DeploymentStatus, GraphCommit, Seen } from "../../model/entity.ts";
import { commitKey } from "../../model/keys.ts";
import type { Store } from "../index.ts";
import { type Attributed, attributeDeployments, firstSuccess } from "./attribution.ts";
import { changeDossier, dossierBase, type RepositoryView, touchesSystem } from "./change-dossier.ts";
import { type BranchEvidence, type ChangeEvidence, loadBranchEvidence, loadChangeEvidence } from "./evidence.ts";
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
import { type CoverageIndex, commitStreams, coverageIndex, itemGaps } from "./gaps.ts";
import { looksAt, rulesTimeline } from "./protection-timeline.ts";
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
  };
}

/** All dossiers of a period, each list by system, time and key, with what reconciliation counts from. */
export interface Dossiers {
  readonly commits: readonly CommitDossier[];
  readonly changes: readonly ChangeDossier[];
  readonly deployments: readonly DeploymentDossier[];
  readonly configuration: readonly ConfigurationDossier[];
  readonly repositories: readonly RepositoryPeriod[];
  readonly coverage: CoverageIndex;
}

/** Loads every dossier of the period, set-wise: a fixed number of queries whatever the number of items. */
export async function loadDossiers(store: Store, request: DossierRequest): Promise<Dossiers> {
  const keys = [...new Set(request.repositories.map(({ key }) => key))];
  const unread = await store.entities("unreadable", { repositories: keys });
  const coverage = coverageIndex(await store.coverage(), unread);
  const evidence = await loadBranchEvidence(store, request);
  const repositories = [...request.repositories]
    .sort((a, b) => compare(a.system, b.system) || compare(a.key, b.key))
    .map((repository) => repositoryPeriod(repository, request, evidence, coverage));
  const wanted = new Map(repositories.flatMap((period) => [...wantedChanges(period)].map((c) => [c.key, c] as const)));
  const ofChanges = await loadChangeEvidence(
    store,
    [...wanted.values()].map((c) => ({ key: c.key, head: commitKey(c.repository, c.headOid) })),
    repositories.flatMap((period) => lineOids(period).map((oid) => commitKey(period.view.repository.key, oid))),
  );
  const parts = repositories.map((period) => dossiersOf(period, request, ofChanges));
  return {
    commits: parts.flatMap((part) => part.commits),
    changes: parts.flatMap((part) => part.changes),
    deployments: parts.flatMap((part) => part.deployments),
    configuration: parts.map((part) => part.configuration),
    repositories,
    coverage,
  };
}

function repositoryPeriod(
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
  const explained = explainLine(line, all);
  const beginning = evidence.repositories.get(repository.key)?.[0]?.createdAt ?? unknownBeginning;
  const branches = [repository.branch, ...(repository.promotedThrough ?? [])];
  const elsewhere = mergedElsewhere(line, explained, branches, heads);
  const reached = placeLine(line, explained, heads, beginning, elsewhere);
  const onLine = (oid: string) => line.index.has(oid);
  const changes = all.filter((change) =>
    change.mergeOid !== null && onLine(change.mergeOid) ? true : change.baseRef === repository.branch,
  );
  const toProduction = (evidence.deployments.get(repository.key) ?? []).filter(({ environment }) =>
    repository.environments.includes(environment),
  );
  const succeeded = toProduction.flatMap((deployment) => {
    const statuses = evidence.statuses.get(deployment.key) ?? [];
    const succeededAt = firstSuccess(statuses);
    return succeededAt === undefined ? [] : [{ deployment, statuses, succeededAt }];
  });
  const byEnvironment = Map.groupBy(succeeded, (item) => item.deployment.environment);
  const ancestors = ancestorsOf(line, graph);
  const deployments = repository.environments
    .flatMap((environment) => attributeDeployments(byEnvironment.get(environment) ?? [], line, graph, ancestors))
    .sort((a, b) => compare(a.succeededAt, b.succeededAt) || compare(a.deployment.key, b.deployment.key));
  const within = (at: string) => at >= from && at < to;
  const statements = coverage.of(`${repository.key}/protection`).filter((statement) => statement.status === "complete");
  const protections = (evidence.protections.get(repository.key) ?? []).filter((p) => p.branch === repository.branch);
  const times = statements.map((statement) => statement.to);
  // A look that cannot be read may have seen other rules, so the ones before it vouch for nothing.
  const looks = coverage.unreadable(`${repository.key}/protection`) === undefined ? looksAt(times, protections) : [];
  const partial = new Set(
    coverage.of(`${repository.key}/protection`).flatMap(({ status, to }) => (status === "complete" ? [] : [to])),
  );
  const until = coverage.until(`${repository.key}/changes`) ?? from;
  return {
    view: {
      repository,
      coverage,
      looks: looks.map((look) => ({ ...look, partial: partial.has(look.at) })),
      onLine,
      elsewhere,
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
    },
  };
}

const lastState = (statuses: readonly DeploymentStatus[]): string =>
  [...statuses].sort((a, b) => compare(a.createdAt, b.createdAt)).at(-1)?.state ?? "none";

/** The changes whose dossiers the period needs: merged in it, or brought to production in it. */
function wantedChanges(period: RepositoryPeriod): ReadonlySet<Seen<Change>> {
  const brought = period.inPeriod.deployments.flatMap(({ brought: range }) =>
    range
      ? period.line.commits.slice(range.from, range.to).flatMap((commit) => period.explained.get(commit.oid) ?? [])
      : [],
  );
  return new Set([...period.inPeriod.changes, ...brought]);
}

/** The commits of the line whose messages and authors are shown. */
function lineOids(period: RepositoryPeriod): readonly string[] {
  const places = new Set(period.inPeriod.places);
  for (const { brought } of period.inPeriod.deployments)
    if (brought) for (let place = brought.from; place < brought.to; place++) places.add(place);
  return [
    ...[...places].flatMap((place) => period.line.commits[place]?.oid ?? []),
    ...period.inPeriod.pushedAway.map(({ graph }) => graph.oid),
  ];
}

function dossiersOf(period: RepositoryPeriod, request: DossierRequest, evidence: ChangeEvidence) {
  const { view } = period;
  const { repository, coverage } = view;
  const dossiers = new Map(
    [...wantedChanges(period)].map((change) => [change.key, changeDossier(view, change, evidence)]),
  );
  const mine = (change: Seen<Change>) => touchesSystem(repository, change, evidence);
  const timeline = rulesTimeline(view.looks, request.from, minimum(request.to, request.asOf));
  return {
    changes: period.inPeriod.changes.filter(mine).flatMap((change) => dossiers.get(change.key) ?? []),
    commits: [
      ...period.inPeriod.places.flatMap((place) => {
        const graph = period.line.commits[place];
        const at = period.reached[place];
        const change = graph && period.explained.get(graph.oid);
        return !graph || !at || (change && !mine(change))
          ? []
          : commitDossier(period, { graph, change, reached: at }, request, evidence);
      }),
      ...period.inPeriod.pushedAway.map((lost) => commitDossier(period, lost, request, evidence)),
    ],
    deployments: period.inPeriod.deployments.map((deployment) =>
      deploymentDossier(period, deployment, dossiers, evidence),
    ),
    configuration: {
      subject: "configuration",
      key: `${repository.key}:${repository.branch}`,
      ...dossierBase(view),
      gaps: itemGaps(
        coverage,
        repository,
        ["protection"],
        coverage.until(`${repository.key}/protection`) ?? request.from,
      ),
      branch: repository.branch,
      intervals: timeline,
      rewrites: [],
      access: [],
    } satisfies ConfigurationDossier,
  };
}

function commitDossier(
  period: RepositoryPeriod,
  { graph, change, reached, head }: Omit<PushedAway, "head"> & Partial<PushedAway>,
  request: DossierRequest,
  evidence: ChangeEvidence,
): CommitDossier {
  const { view } = period;
  const otherBase = change && view.elsewhere.get(change.key);
  // A commit that was pushed away is of the period in which it was seen.
  const placed = head !== undefined || reached.exact || (reached.from >= request.from && reached.to < request.to);
  const gaps = itemGaps(view.coverage, view.repository, ["commits", "changes"], reached.to);
  return {
    subject: "commit",
    key: graph.key,
    ...dossierBase(view),
    gaps: placed
      ? gaps
      : {
          ...gaps,
          commits: [
            `it reached the branch between ${reached.from} and ${reached.to}, which does not tell the period; listed in both`,
            ...(gaps.commits === undefined ? [] : [gaps.commits]),
          ].join("; "),
        },
    oid: graph.oid,
    graph,
    commit: evidence.commits.get(graph.key),
    reached,
    change,
    associated: graph.changes.flatMap((number) => {
      const other = period.byNumber.get(number);
      return other && other !== change ? [other] : [];
    }),
    activity: undefined,
    ...(otherBase === undefined ? {} : { otherBase }),
    ...(head ? { rewritten: { head: head.oid, seenAt: head.observedAt, now: period.line.head?.oid ?? "" } } : {}),
  };
}

function deploymentDossier(
  period: RepositoryPeriod,
  attributed: Attributed,
  changes: ReadonlyMap<string, ChangeDossier>,
  evidence: ChangeEvidence,
): DeploymentDossier {
  const { view, line } = period;
  const { deployment, brought } = attributed;
  const gaps = itemGaps(view.coverage, view.repository, ["deployments", "commits", "changes"], attributed.succeededAt, [
    { kind: "deployments", stored: attributed.statuses.length, total: deployment.totalStatuses, what: "statuses" },
  ]);
  const promotion = line.index.has(deployment.oid) ? undefined : promotionGap(view, attributed.succeededAt);
  return {
    subject: "deployment",
    key: deployment.key,
    ...dossierBase(view),
    gaps: promotion === undefined ? gaps : { commits: promotion, ...gaps },
    deployment,
    statuses: attributed.statuses,
    succeededAt: attributed.succeededAt,
    run: undefined,
    approvals: [],
    environment: undefined,
    movedTag: [],
    previous: attributed.previous,
    onBranch: attributed.onBranch,
    offLine: attributed.offLine,
    deployedBefore: attributed.deployedBefore,
    fallBack: attributed.fallBack,
    brought:
      brought &&
      line.commits.slice(brought.from, brought.to).map((commit) => ({
        oid: commit.oid,
        headline: evidence.commits.get(commit.key)?.headline ?? "",
        record: commit.record,
        change: changes.get(period.explained.get(commit.oid)?.key ?? ""),
      })),
  };
}

/** Why the commits of a branch that changes are promoted through are not known whole; a commit off the line rests on them. */
function promotionGap({ coverage, repository }: RepositoryView, at: string): string | undefined {
  const [, ...promoted] = commitStreams((stream) => coverage.of(stream).length > 0, repository);
  return promoted.map((stream) => coverage.gapAt(stream, at)).find((gap) => gap !== undefined);
}

/** Where the source does not say when a repository was made. */
const unknownBeginning = "0001-01-01T00:00:00Z";

const minimum = (a: string, b: string): string => (a < b ? a : b);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
