import type { CheckConclusion, DeploymentStatusState } from "../world.ts";
import { headOf, register, type Stage, wait } from "./stage.ts";

/** How a check runs. */
export interface TestOptions {
  /** `test` unless told otherwise. */
  name?: string;
  conclusion?: CheckConclusion;
  /** The conclusions of earlier attempts, oldest first. */
  earlier?: readonly CheckConclusion[];
  oid?: string;
  branch?: string;
  /** By the app of that name, where it is not the pipeline. */
  app?: "quickcheck";
  /** A status that this account sets, in place of a check. */
  statusBy?: string;
  /** Minutes it takes; two otherwise. */
  takes?: number;
  /** Who started the pipeline by hand; otherwise the push did. */
  startedBy?: string;
  /** The conclusion of a second job of the same name, which runs beside it and is over first. */
  beside?: CheckConclusion;
}

/** Runs a check on a commit, as a job of the workflow of its name with all its attempts. */
export function runTest(stage: Stage, options: TestOptions & { oid: string; branch: string }): void {
  const { repository, cast } = stage;
  const { name = "test", oid, conclusion = "SUCCESS", takes = 2 } = options;
  const repo = repository.index;
  if (options.statusBy !== undefined) {
    const status = { kind: "StatusContext", repo, id: stage.nextId(), oid, context: name, state: "SUCCESS" } as const;
    const list = repository.statuses.get(oid) ?? [];
    repository.statuses.set(oid, [
      ...list,
      { ...status, creator: cast.account(options.statusBy), createdAt: stage.now },
    ]);
    return;
  }
  const suite = stage.nextId();
  const startedAt = stage.now + 20_000;
  const span = takes * 60_000;
  const outcomes = [...(options.earlier ?? []), conclusion];
  const attempts = outcomes.map((outcome, at) => {
    const times = { startedAt: startedAt + at * (span + 5000), completedAt: startedAt + at * (span + 5000) + span };
    const job = { id: stage.nextId(), name, conclusion: outcome, ...times };
    return { conclusion: outcome, ...times, jobs: [job] };
  });
  const last = attempts.at(-1) as (typeof attempts)[number];
  const [job] = last.jobs;
  if (job && options.beside !== undefined)
    last.jobs.push({ ...job, id: stage.nextId(), conclusion: options.beside, completedAt: job.completedAt - 30_000 });
  if (attempts.length > 1) stage.now = last.completedAt;
  const run = options.app === undefined ? stage.nextId() : null;
  const list = repository.checks.get(oid) ?? [];
  const app = options.app === undefined ? cast.actions.id : cast.otherChecks.id;
  repository.checks.set(oid, [
    ...list,
    ...last.jobs.map((each) => ({ kind: "CheckRun" as const, repo, suite, oid, app, run, ...each })),
  ]);
  if (run === null) return;
  const pushedBy = repository.activity.findLast(({ after }) => after === oid)?.actor ?? null;
  const actor = options.startedBy === undefined ? pushedBy : cast.account(options.startedBy);
  repository.runs.push({
    id: run,
    name,
    path: `.github/workflows/${name}.yml`,
    event: options.startedBy === undefined ? "pull_request" : "workflow_dispatch",
    branch: options.branch,
    oid,
    suite,
    actor,
    createdAt: stage.now,
    updatedAt: last.completedAt,
    attempts: attempts.map((each) => ({ ...each, triggeredBy: actor })),
    approvals: [],
  });
}

/** Runs the last pipeline of a commit once more: its check passes, and what it said before becomes an earlier attempt. */
export function runTestAgain({ repository, now, nextId }: Stage, oid: string): void {
  const run = repository.runs.findLast((each) => each.oid === oid);
  if (!run) throw new Error(`no pipeline of ${oid} ran in ${repository.name}`);
  const times = { conclusion: "SUCCESS" as const, startedAt: now + 20_000, completedAt: now + 140_000 };
  const job = { id: nextId(), name: "test", ...times };
  run.attempts = [...run.attempts, { ...times, jobs: [job], triggeredBy: run.actor }];
  run.updatedAt = times.completedAt;
  const checks = repository.checks.get(oid) ?? [];
  repository.checks.set(
    oid,
    checks.map((check) => (check.run === run.id ? { ...check, ...job } : check)),
  );
}

/** How a deployment is made. */
export interface DeployOptions {
  by?: string;
  ref?: string;
  task?: string;
  state?: DeploymentStatusState;
  /** By a run of the pipeline that this account started, which waits until these have approved it. */
  run?: { startedBy: string; approvedBy?: readonly string[] };
}

/** Deploys a commit to production, the default branch's head unless told otherwise, and takes what ran there out of service. */
export function deploy(stage: Stage, oid: string = headOf(stage), options: DeployOptions = {}): number {
  const { repository, cast } = stage;
  const createdAt = wait(stage);
  const creator = cast.account(options.by ?? "release-bot");
  const done = wait(stage, 2);
  const run = options.run ? runDeployment(stage, oid, options.run, createdAt, done) : null;
  const status = (state: DeploymentStatusState, at: number) => ({ id: stage.nextId(), state, at, creator, run });
  const current = repository.deployments.at(-1);
  if (current) {
    current.statuses.push({ ...status("INACTIVE", done), run: null });
    current.updatedAt = done;
  }
  const id = stage.nextId();
  repository.deployments.push({
    kind: "Deployment",
    repo: repository.index,
    id,
    oid,
    ref: options.ref ?? repository.defaultBranch,
    environment: "production",
    task: options.task ?? "deploy",
    description: null,
    creator,
    createdAt,
    updatedAt: done,
    statuses: [
      status("QUEUED", createdAt),
      status("IN_PROGRESS", createdAt + 5000),
      status(options.state ?? "SUCCESS", done),
    ],
  });
  register(stage, { kind: "deployment", id });
  return id;
}

/** A run of the workflow that deploys, with who approved it before it went on; gives its id. */
function runDeployment(
  { repository, cast, nextId }: Stage,
  oid: string,
  { startedBy, approvedBy = [] }: NonNullable<DeployOptions["run"]>,
  startedAt: number,
  completedAt: number,
): number {
  const [id, actor] = [nextId(), cast.account(startedBy)];
  const times = { conclusion: "SUCCESS" as const, startedAt, completedAt };
  repository.runs.push({
    id,
    name: "deploy",
    path: ".github/workflows/deploy.yml",
    event: "workflow_dispatch",
    branch: repository.defaultBranch,
    oid,
    suite: nextId(),
    actor,
    createdAt: startedAt,
    updatedAt: completedAt,
    attempts: [{ triggeredBy: actor, ...times, jobs: [{ id: nextId(), name: "deploy", ...times }] }],
    approvals: approvedBy.map((login) => ({
      user: cast.account(login),
      state: "approved" as const,
      comment: "Go",
      environments: ["production"],
    })),
  });
  return id;
}
