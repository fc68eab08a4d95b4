import type { Check, CheckConclusion, Deployment, PullRequest, WorkflowRun } from "../world.ts";
import { RELEASE_MANAGER } from "./organisation.ts";
import type { Site } from "./site.ts";

const SECOND = 1000;

/** Records the workflow runs behind the checks of GitHub Actions, and those that deployed. */
export function recordRuns(site: Site): void {
  const { repository, cast } = site;
  const byHead = new Map(repository.changes.flatMap((change) => change.commits.map((oid) => [oid, change] as const)));
  for (const [oid, checks] of repository.checks) {
    const own = checks.filter((each) => each.app === cast.actions.id);
    if (own.length > 0) recordTest(site, oid, own, byHead.get(oid));
  }
  const merges = new Map(repository.changes.map((change) => [change.mergeCommit, change]));
  for (const deployment of repository.deployments)
    if (deployment.creator === cast.account("github-actions"))
      recordDeploy(site, deployment, merges.get(deployment.oid));
  repository.runs.sort((a, b) => a.createdAt - b.createdAt || a.id - b.id);
}

/** A run of the tests on a commit; now and then its first attempt failed while setting up. */
function recordTest(site: Site, oid: string, checks: readonly Check[], change: PullRequest | undefined): void {
  const { ids, rnd, repository } = site;
  const startedAt = Math.min(...checks.map((each) => each.startedAt));
  const ends = checks.map((each) => each.completedAt);
  const completedAt = ends.includes(null) ? null : Math.max(...ends.map((each) => each ?? 0));
  const conclusions = checks.map((each) => each.conclusion);
  const conclusion: CheckConclusion | null =
    completedAt === null ? null : (conclusions.find((each) => each === "FAILURE") ?? "SUCCESS");
  const actor = change?.author ?? repository.commits.get(oid)?.author.account ?? null;
  const id = ids.next("run");
  const again = change !== undefined && conclusion === "SUCCESS" && rnd.chance(0.06);
  const failed = { startedAt: startedAt - 15 * SECOND, completedAt: startedAt - 6 * SECOND };
  repository.runs.push({
    id,
    name: "Test",
    path: ".github/workflows/test.yml",
    event: change ? "pull_request" : "push",
    branch: change?.headRefName ?? repository.defaultBranch,
    oid,
    suite: checks[0]?.suite ?? 0,
    actor,
    createdAt: startedAt - 16 * SECOND,
    updatedAt: completedAt ?? startedAt,
    attempts: [
      ...(again
        ? [
            {
              triggeredBy: actor,
              conclusion: "FAILURE" as const,
              ...failed,
              jobs: checks.map(({ name }) => ({
                id: ids.next("job"),
                name,
                conclusion: "FAILURE" as const,
                ...failed,
              })),
            },
          ]
        : []),
      {
        triggeredBy: actor,
        conclusion,
        startedAt,
        completedAt,
        jobs: checks.map((each) => ({
          id: each.id,
          name: each.name,
          conclusion: each.conclusion,
          startedAt: each.startedAt,
          completedAt: each.completedAt,
        })),
      },
    ],
    approvals: [],
  });
  for (const each of checks) each.run = id;
}

/** The run that made a deployment and reported its states; where the environment waits for a word, with that word. */
function recordDeploy(site: Site, deployment: Deployment, change: PullRequest | undefined): void {
  const { ids, cast, repository } = site;
  const id = ids.next("run");
  const last = deployment.statuses.findLast(({ state }) => state === "SUCCESS" || state === "FAILURE");
  const conclusion = last?.state === "FAILURE" ? ("FAILURE" as const) : ("SUCCESS" as const);
  const environment = repository.environments.find((each) => each.name === deployment.environment);
  const actor = change?.mergedBy ?? repository.commits.get(deployment.oid)?.committer.account ?? null;
  const completedAt = last?.at ?? deployment.updatedAt;
  const times = { startedAt: deployment.createdAt, completedAt };
  const run: WorkflowRun = {
    id,
    name: "Deploy",
    path: ".github/workflows/deploy.yml",
    event: deployment.task === "rollback" ? "workflow_dispatch" : "push",
    branch: deployment.ref,
    oid: deployment.oid,
    suite: ids.next("deploySuite"),
    actor,
    createdAt: deployment.createdAt - 20 * SECOND,
    updatedAt: completedAt,
    attempts: [
      {
        triggeredBy: actor,
        conclusion,
        ...times,
        jobs: [{ id: ids.next("job"), name: "deploy", conclusion, ...times }],
      },
    ],
    approvals:
      environment && environment.reviewers.length > 0
        ? [
            {
              user: cast.account(RELEASE_MANAGER),
              state: "approved",
              comment: "As released.",
              environments: [environment.name],
            },
          ]
        : [],
  };
  repository.runs.push(run);
  for (const status of deployment.statuses) if (status.state !== "INACTIVE") status.run = id;
}
