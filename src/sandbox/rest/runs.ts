import { time } from "../graphql/context.ts";
import { encodeNodeId } from "../node-id.ts";
import type { CheckConclusion, Repository, WorkflowRun } from "../world.ts";
import { type Answer, NOT_FOUND, ok, type Resource, type RestRequest, refused } from "./answer.ts";
import { byId, newestFirst, page } from "./pages.ts";
import { userOf } from "./user.ts";

/** A search gives at most so many. */
const MOST = 1000;

/** Workflow runs, the jobs of each attempt, and who approved their deployments. */
export const runs: Resource = (request, source, [, , id, what, number, jobs, ...more]) => {
  const no = refused(request, source, "runs");
  if (no) return no;
  if (id === undefined) return list(request, source, source.runs);
  const run = byId(source.runs, id);
  if (!run || more.length > 0) return NOT_FOUND;
  if (what === undefined) return ok(restRun(request, source, run));
  if (what === "approvals" && number === undefined) return ok(approvals(request, source, run));
  if (what === "jobs" && number === undefined) return jobsOfRun(request, source, run);
  if (what === "attempts" && jobs === "jobs") return attempt(request, source, run, Number(number));
  if (what === "attempts" && jobs === undefined) return attemptItself(request, source, run, Number(number));
  return NOT_FOUND;
};

/** The runs of one workflow, by its file's name. */
export const workflows: Resource = (request, source, [, , file, what, ...more]) => {
  const no = refused(request, source, "runs");
  if (no) return no;
  const own = source.runs.filter(({ path }) => path.slice(path.lastIndexOf("/") + 1) === file);
  return own.length === 0 || what !== "runs" || more.length > 0 ? NOT_FOUND : list(request, source, own);
};

/** Whether workflows may approve. */
export const workflowPermissions: Resource = (request, source) =>
  refused(request, source, "access") ??
  ok({ default_workflow_permissions: "read", can_approve_pull_request_reviews: source.workflowsMayApprove });

function list(request: RestRequest, source: Repository, all: readonly WorkflowRun[]): Answer {
  const [from, to] = spanOf(request.path.searchParams.get("created"));
  const found = newestFirst(all, ({ createdAt }) => createdAt).filter(
    ({ createdAt }) => createdAt >= from && createdAt <= to,
  );
  const given = page(request, found.slice(0, MOST), {
    property: "workflow_runs",
    item: (each) => restRun(request, source, each),
  });
  return { ...given, body: { ...(given.body as object), total_count: found.length } };
}

/** `2026-10-01T00:00:00Z..2026-10-31T23:59:59Z`, both ends included. */
function spanOf(created: string | null): [number, number] {
  const [from, to] = created?.split("..") ?? [];
  if (from === undefined || to === undefined) return [0, Number.POSITIVE_INFINITY];
  return [Date.parse(from), Date.parse(to) + 999];
}

const word = (conclusion: CheckConclusion | null) => conclusion?.toLowerCase() ?? null;

function restRun(request: RestRequest, source: Repository, run: WorkflowRun): Record<string, unknown> {
  const last = run.attempts.at(-1);
  const url = `${request.base}/repos/${request.world.organisation.login}/${source.name}/actions/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: encodeNodeId({ prefix: "WFR", repository: source.id, id: run.id }),
    head_branch: run.branch,
    head_sha: run.oid,
    path: run.path,
    display_title: run.name,
    event: run.event,
    status: last?.conclusion == null ? "in_progress" : "completed",
    conclusion: word(last?.conclusion ?? null),
    check_suite_id: run.suite,
    url,
    html_url: url.replace("/api/v3/repos", ""),
    created_at: time(run.createdAt),
    updated_at: time(run.updatedAt),
    run_started_at: time(last?.startedAt ?? run.createdAt),
    run_attempt: run.attempts.length,
    actor: userOf(request, run.actor),
    triggering_actor: userOf(request, last?.triggeredBy ?? run.actor),
    head_commit: headCommit(source, run.oid),
  };
}

function headCommit({ commits }: Repository, oid: string): unknown {
  const found = commits.get(oid);
  if (!found) return null;
  const { tree, message, author, authoredAt, committer } = found;
  const person = ({ name, email }: typeof author) => ({ name, email });
  const timestamp = time(authoredAt);
  return { id: oid, tree_id: tree, message, timestamp, author: person(author), committer: person(committer) };
}

function attempt(request: RestRequest, source: Repository, run: WorkflowRun, number: number): Answer {
  const found = run.attempts[number - 1];
  if (!found) return NOT_FOUND;
  const jobs = found.jobs.map((job) => ({ job, number }));
  return page(request, jobs, { property: "jobs", item: restJob(request, source, run) });
}

/** The jobs of the latest attempt, or of all. */
function jobsOfRun(request: RestRequest, source: Repository, run: WorkflowRun): Answer {
  const all = run.attempts.flatMap(({ jobs }, index) => jobs.map((job) => ({ job, number: index + 1 })));
  const isWanted = request.path.searchParams.get("filter") === "all";
  const jobs = all.filter(({ number }) => isWanted || number === run.attempts.length);
  return page(request, jobs, { property: "jobs", item: restJob(request, source, run) });
}

function attemptItself(request: RestRequest, source: Repository, run: WorkflowRun, number: number): Answer {
  if (!run.attempts[number - 1]) return NOT_FOUND;
  return ok(restRun(request, source, { ...run, attempts: run.attempts.slice(0, number) }));
}

const restJob =
  (request: RestRequest, source: Repository, run: WorkflowRun) =>
  ({ job, number }: { job: WorkflowRun["attempts"][number]["jobs"][number]; number: number }) => {
    const base = `${request.base}/repos/${request.world.organisation.login}/${source.name}`;
    return {
      id: job.id,
      run_id: run.id,
      run_attempt: number,
      node_id: encodeNodeId({ prefix: "CR", repository: source.id, id: job.id }),
      head_sha: run.oid,
      head_branch: run.branch,
      workflow_name: run.name,
      status: job.conclusion === null ? "in_progress" : "completed",
      conclusion: word(job.conclusion),
      created_at: time(job.startedAt),
      started_at: time(job.startedAt),
      completed_at: job.completedAt === null ? null : time(job.completedAt),
      name: job.name,
      check_run_url: `${base}/check-runs/${job.id}`,
      html_url: `${base.replace("/api/v3/repos", "")}/actions/runs/${run.id}/job/${job.id}`,
    };
  };

function approvals(request: RestRequest, source: Repository, run: WorkflowRun): unknown {
  const ids = new Map(source.environments.map((each) => [each.name, each.id]));
  return run.approvals.map(({ user, state, comment, environments }) => ({
    state,
    comment,
    user: userOf(request, user),
    environments: environments.map((name) => ({ id: ids.get(name) ?? 0, name })),
  }));
}
