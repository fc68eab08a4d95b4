import type { Batch, Cursor, SourceRecord, Stream } from "../../model/stream.ts";
import { type Item, readList } from "./rest/list.ts";
import { reasonOf } from "./rest/refusal.ts";
import type { RestAnswer } from "./rest/rest-client.ts";
import { forgetBefore, searchRuns } from "./rest/run-search.ts";
import { type Gained, type Reading, readStream, type Walk } from "./rest/walk.ts";
import type { Session } from "./session.ts";

type Workflow = NonNullable<Stream["workflow"]>;
type Refused = Extract<RestAnswer, { ok: false }>;

/** Reads the deployments that are runs of a workflow, a stream a job; the runs themselves are read again until they ended. */
export async function* readWorkflowDeployments(
  session: Session,
  streams: readonly Stream[],
  cursors: ReadonlyMap<string, Cursor>,
): AsyncGenerator<Batch> {
  const shared = { session, place: { asked: false }, reviewed: {} };
  for (const stream of streams) {
    if (!stream.workflow) continue;
    session.context.progress(`${session.owner}/${session.name}: runs of ${stream.workflow.file}`);
    yield* readStream(shared, stream, cursors.get(stream.id), walkOf(stream.workflow));
  }
}

function walkOf(workflow: Workflow): Walk {
  return async function* (reading) {
    const { file, job } = workflow;
    const reasons = new Set<string>();
    const { read, live } = yield* searchRuns(
      reading,
      {
        what: `runs of ${file}`,
        operation: "WorkflowRuns",
        path: "/repos/{owner}/{repo}/actions/workflows/{workflow}/runs",
        values: { workflow: file },
        take: (runs) => takeRuns(reading, workflow, runs, reasons),
        refused: (answer) => refusedList(reading, file, answer),
      },
      reasons,
    );
    forgetBefore(reading, live, "jobs");
    // A name that never was is a slip; later, a run may well be without the job.
    const { without } = reading.next.known;
    if (without !== undefined && reading.next.known.with === undefined)
      reasons.add(`no run of ${file} has a job named "${job}", so none counts as a deployment; ${without}`);
    return { reasons: [...reasons], nothing: read === 0 };
  };
}

/** Asks for the jobs of the runs that moved; false where one has not ended, or could not be read. */
async function* takeRuns(
  reading: Reading,
  workflow: Workflow,
  runs: readonly Item[],
  reasons: Set<string>,
): AsyncGenerator<Gained, boolean> {
  const { known } = reading.next;
  let settled = true;
  for (const run of runs) {
    const note = `jobs ${run.id}`;
    const stamp = `${run.created_at} ${run.updated_at ?? ""}`;
    const ended = run.status === "completed";
    settled &&= ended;
    if (known[note] === stamp) continue;
    const failed = yield* withRecord(readRun(reading, workflow, run));
    if (failed !== undefined) {
      reasons.add(failed);
      return false;
    }
    if (ended) known[note] = stamp;
  }
  return settled;
}

/** Passes on what is gained, the last of it with the record that rests on all; gives the reason where there is none. */
async function* withRecord(
  steps: AsyncGenerator<Gained, SourceRecord | string | undefined>,
): AsyncGenerator<Gained, string | undefined> {
  let held: Gained | undefined;
  for (;;) {
    const step = await steps.next();
    if (!step.done) {
      if (held) yield held;
      held = step.value;
      continue;
    }
    const record = typeof step.value === "object" ? [step.value] : [];
    if (held) yield { exchange: held.exchange, records: [...held.records, ...record] };
    return typeof step.value === "string" ? step.value : undefined;
  }
}

/** Reads one run's jobs of every attempt; gives its record where it has the job, or why the jobs cannot be read. */
async function* readRun(
  reading: Reading,
  { file, job: name }: Workflow,
  run: Item,
): AsyncGenerator<Gained, SourceRecord | string | undefined> {
  const { known, lists } = reading.next;
  const id = String(run.id);
  const list = `jobs of ${id}`;
  const read = yield* readList(reading, {
    name: list,
    operation: "RunJobs",
    path: "/repos/{owner}/{repo}/actions/runs/{run}/jobs",
    values: { run: id, filter: "all" },
    property: "jobs",
    anew: true,
  });
  delete lists[list];
  if (!read.ok) return yield* reasonOf(asRuns(reading), `the jobs of run ${id} of ${file}`, read.refused);
  const jobs = read.items.filter((job) => job.name === name);
  if (jobs.length > 0) {
    known.with ??= id;
    const attempts = yield* attemptsOf(reading, run, jobs);
    if (typeof attempts === "string") return attempts;
    return { kind: "workflowDeployment", externalId: id, body: { workflow: file, job: name, run, jobs, attempts } };
  }
  // A run that failed before it had any job says nothing of its jobs' names.
  const names = [...new Set(read.items.map((job) => String(job.name)))].sort().join(", ");
  if (names !== "" && run.status === "completed") known.without ??= `run ${id} has ${names}`;
  return undefined;
}

/** The attempts before the last in which the job ran, which name who started them; or why one cannot be read. */
async function* attemptsOf(
  reading: Reading,
  run: Item,
  jobs: readonly Item[],
): AsyncGenerator<Gained, readonly unknown[] | string> {
  const last = Number(run.run_attempt ?? 1);
  const earlier = [...new Set(jobs.map((job) => Number(job.run_attempt ?? last)))].filter((number) => number !== last);
  const attempts: unknown[] = [];
  for (const attempt of earlier.sort((a, b) => a - b)) {
    const answer = await reading.session.github.get({
      operation: "RunAttempt",
      path: "/repos/{owner}/{repo}/actions/runs/{run}/attempts/{attempt}",
      values: { ...reading.values, run: String(run.id), attempt },
    });
    yield { exchange: answer.exchange, records: [] };
    if (answer.ok) attempts.push(answer.json);
    // Who started an attempt that the source has forgotten stays unknown.
    else if (answer.failure.reason !== "notFound")
      return yield* reasonOf(asRuns(reading), `attempt ${attempt} of run ${run.id}`, answer);
  }
  return attempts;
}

/** A workflow that is not there is answered as one that may not be read. */
async function* refusedList(reading: Reading, file: string, answer: Refused): AsyncGenerator<Gained, string> {
  const reason = yield* reasonOf(asRuns(reading), `runs of ${file}`, answer);
  return answer.failure.reason === "notFound" ? `${reason}; or there is no workflow ${file}` : reason;
}

/** What runs take to be read, though they are deployments here. */
const asRuns = (reading: Reading): Reading => ({ ...reading, stream: { ...reading.stream, kind: "pipelineRuns" } });
