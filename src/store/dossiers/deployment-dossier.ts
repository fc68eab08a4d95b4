import type { ChangeDossier, DeployedCommit, DeploymentDossier } from "../../model/dossier.ts";
import type { Deployment, EntityOf, PipelineRun, Seen } from "../../model/entity.ts";
import { isSameEnvironment } from "../../model/environment-name.ts";
import { commitKey } from "../../model/keys.ts";
import type { Attributed } from "./attribution.ts";
import { dossierBase, type RepositoryView } from "./change-dossier.ts";
import type { ChangeEvidence } from "./evidence.ts";
import { broughtBy } from "./explained-line.ts";
import { commitStreams, furtherGaps, itemGaps } from "./gaps.ts";
import type { RepositoryPeriod } from "./repository-period.ts";

/** Puts together one deployment's dossier with the changes it brought. */
export function deploymentDossier(
  period: RepositoryPeriod,
  attributed: Attributed,
  changes: ReadonlyMap<string, ChangeDossier>,
  evidence: ChangeEvidence,
): DeploymentDossier {
  const { view, line } = period;
  const { deployment, brought, standsAt } = attributed;
  const commitsAt = (place: number) => deployedCommits(period, place, changes, evidence);
  const gaps = itemGaps(view.coverage, view.repository, ["deployments", "commits", "changes"], attributed.succeededAt, [
    { kind: "deployments", stored: attributed.statuses.length, total: deployment.totalStatuses, what: "statuses" },
  ]);
  const gated = view.repository.profile === "gated";
  const run = runOf(attributed, evidence.runs.get(commitKey(view.repository.key, deployment.oid)) ?? []);
  const promotion = line.index.has(deployment.oid) ? undefined : promotionGap(view, attributed.succeededAt);
  return {
    subject: "deployment",
    key: deployment.key,
    ...dossierBase(view),
    gaps: {
      ...(promotion === undefined ? {} : { commits: promotion }),
      // Only where somebody must approve by hand does anything rest on them.
      ...(gated
        ? itemGaps(view.coverage, view.repository, ["environments", "pipelineRuns"], attributed.succeededAt)
        : {}),
      ...furtherGaps(view.coverage, view.repository, ["releases"], attributed.succeededAt),
      ...gaps,
    },
    ...(view.repository.profile === undefined ? {} : { profile: view.repository.profile }),
    deployment,
    statuses: attributed.statuses,
    succeededAt: attributed.succeededAt,
    run,
    approvals: run === undefined ? [] : (evidence.approvals.get(run.key) ?? []),
    environment: view.environments.findLast(
      ({ name, observedAt }) => isSameEnvironment(name, deployment.environment) && observedAt <= attributed.succeededAt,
    ),
    movedTag: movedTag(view, deployment),
    previous: attributed.previous,
    onBranch: attributed.onBranch,
    offLine: attributed.offLine,
    ...(line.index.has(deployment.oid) ? {} : { pushes: view.movesTo(deployment.oid) }),
    deployedBefore: attributed.deployedBefore,
    fallBack: attributed.fallBack,
    brought:
      brought && line.commits.slice(brought.from, brought.to).flatMap((_, place) => commitsAt(brought.from + place)),
    ...(standsAt === undefined ? {} : { standsAt: commitsAt(standsAt) }),
  };
}

/** A commit of the line, once for each change that brought it, or once without any. */
function deployedCommits(
  period: RepositoryPeriod,
  place: number,
  changes: ReadonlyMap<string, ChangeDossier>,
  evidence: ChangeEvidence,
): readonly DeployedCommit[] {
  const commit = period.line.commits[place];
  const reached = period.reached[place];
  if (!commit || !reached) return [];
  const headline = evidence.commits.get(commit.key)?.headline ?? "";
  const own = { oid: commit.oid, headline, record: commit.record, reached };
  const by = broughtBy(period, commit.oid);
  return by.length === 0
    ? [{ ...own, change: undefined }]
    : by.map(({ key }) => ({ ...own, change: changes.get(key) }));
}

/** The pipeline run that a deployment's statuses name. */
function runOf({ statuses }: Attributed, runs: readonly Seen<PipelineRun>[]): Seen<PipelineRun> | undefined {
  const named = new Set(statuses.map(({ run }) => run));
  return runs.find(({ id, key }) => named.has(id) || named.has(key));
}

/** Every sighting of the tag that was deployed, where it was seen on more than one commit. */
function movedTag(view: RepositoryView, { ref }: Deployment): readonly Seen<EntityOf<"tag">>[] {
  const name = ref?.replace(/^refs\/tags\//, "");
  const sightings = view.tags.filter((tag) => tag.name === name);
  return new Set(sightings.map(({ oid }) => oid)).size > 1 ? sightings : [];
}

/** Why the commits of a branch that changes are promoted through are not known whole; a commit off the line rests on them. */
function promotionGap({ coverage, repository }: RepositoryView, at: string): string | undefined {
  const [, ...promoted] = commitStreams((stream) => coverage.of(stream).length > 0, repository);
  return promoted.map((stream) => coverage.gapAt(stream, at)).find((gap) => gap !== undefined);
}
