import { approvalsOf, namedRuns } from "./approvals.ts";
import { type Item, readList } from "./list.ts";
import { reasonOf } from "./refusal.ts";
import { forgetBefore, searchRuns } from "./run-search.ts";
import type { Gained, Reading, Walk } from "./walk.ts";

/** Runs with earlier attempts of their jobs and approvals of their deployments. */
export const pipelineRuns: Walk = async function* (reading) {
  const reasons = new Set<string>();
  const asksAll = canAskApproval(reading);
  const { known } = reading.next;
  // What was passed over while nobody's approval could be asked for is gone through once it can.
  const anew = asksAll && known[passedOver] !== undefined;
  if (anew) reading.next.lists = {};
  if (asksAll) delete known[passedOver];
  else known[passedOver] = "yes";
  const { read, live, total } = yield* searchRuns(
    anew ? { ...reading, cursor: undefined } : reading,
    {
      what: "pipeline runs",
      operation: "PipelineRuns",
      path: "/repos/{owner}/{repo}/actions/runs",
      records: (run) => [{ kind: "pipelineRun", externalId: String(run.id), body: run }],
      take: async function* (runs) {
        yield* attemptsOf(reading, runs, reasons);
        yield* approvalsOf(reading, runs, reasons, asksAll);
        return reasons.size === 0;
      },
      refused: (answer) => reasonOf(reading, "pipeline runs", answer),
    },
    reasons,
  );
  if (read > 0) yield* approvalsOf(reading, namedRuns(reading), reasons, asksAll);
  forgetBefore(reading, live, "attempts", "approvals");
  const unnamed = reading.gaps?.get("deployments");
  if (unnamed !== undefined) reasons.add(`which runs deployed is not known: ${unnamed}`);
  return {
    reasons: [...reasons],
    nothing: read === 0,
    ...(asksAll ? {} : { aside: "who approved deployments was not asked: no environment names reviewers" }),
    ...(total === undefined ? {} : { total }),
  };
};

/** Says in the cursor that runs which deployed were not asked for approvals. */
const passedOver = "passed over";

/** Whether somebody's approval can have been asked for: the system is gated, or an environment names reviewers or ever did, or nobody can say. */
const canAskApproval = ({ stream, reviewed }: Reading): boolean =>
  stream.approvals === true || reviewed.current !== false;

/** The jobs of every attempt before the last. */
async function* attemptsOf(reading: Reading, runs: readonly Item[], reasons: Set<string>): AsyncGenerator<Gained> {
  for (const run of runs) {
    const id = String(run.id);
    const [, done = "0"] = (reading.next.known[`attempts ${id}`] ?? "").split(" ");
    for (let attempt = Number(done) + 1; attempt < Number(run.run_attempt ?? 1); attempt++) {
      const list = `attempt ${id} ${attempt}`;
      const read = yield* readList(reading, {
        name: list,
        operation: "AttemptJobs",
        path: "/repos/{owner}/{repo}/actions/runs/{run}/attempts/{attempt}/jobs",
        values: { run: id, attempt },
        property: "jobs",
        records: (job) => [
          {
            kind: "job",
            externalId: String(job.id),
            body: { attempt, run: id, workflow: run.path, suite: run.check_suite_id, job },
          },
        ],
      });
      delete reading.next.lists[list];
      if (!read.ok) {
        // Attempts the source has forgotten stay forgotten.
        if (read.refused.failure.reason === "notFound") continue;
        reasons.add(yield* reasonOf(reading, `attempt ${attempt} of run ${id}`, read.refused));
        return;
      }
      reading.next.known[`attempts ${id}`] = `${run.created_at} ${attempt}`;
    }
  }
}
