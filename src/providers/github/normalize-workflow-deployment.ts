import type { z } from "zod";
import type { EntityOf } from "../../model/entity.ts";
import { objectKey } from "../../model/keys.ts";
import { parse, type Reader } from "./record-reader.ts";
import { actorOf } from "./rest/normalize.ts";
import { workflowDeploymentSchema } from "./rest/schema.ts";
import { secondsUtc } from "./session.ts";

type Body = z.infer<typeof workflowDeploymentSchema>;
type Job = Body["jobs"][number];

/** A run of a workflow whose job ran: one deployment, with a status for each attempt of the job. */
export const workflowDeploymentReaders: Readonly<Record<string, Reader>> = {
  workflowDeployment: (record, repository) => {
    const body = parse(workflowDeploymentSchema, record);
    const { run, workflow, job } = body;
    const ran = body.jobs.flatMap((each) => {
      const at = timeOf(each);
      return at === undefined ? [] : [{ ...each, ...at }];
    });
    const first = ran.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))[0];
    if (!first) return [];
    const id = String(run.id);
    // Keys of the source's own deployments hold a number in that place.
    const key = `${record.stream}/${id}`;
    const succeeded = ran.filter(({ conclusion }) => conclusion === "success");
    const told = succeeded.toSorted((a, b) => (a.at < b.at ? -1 : 1))[0] ?? first;
    return [
      {
        type: "deployment",
        key,
        repository,
        id,
        oid: run.head_sha,
        ref: run.head_branch,
        environment: "",
        task: "deploy",
        creator: starterOf(body, told),
        createdAt: first.startedAt,
        totalStatuses: ran.length,
        origin: {
          from: "workflow",
          stream: record.stream,
          workflow,
          job,
          automation: "github-actions",
          tree: run.head_commit?.tree_id ?? null,
        },
      },
      ...ran.map(
        (each): EntityOf<"deploymentStatus"> => ({
          type: "deploymentStatus",
          key: `${key}/jobs/${each.id}`,
          repository,
          deployment: key,
          state: stateOf(each),
          createdAt: each.at,
          creator: starterOf(body, each),
          run: objectKey(repository, "pipelineRuns", id),
        }),
      ),
    ];
  },
};

/** When a job started, and when it came to its state; undefined where it was left out or waits still. */
function timeOf({ status, conclusion, started_at: start, completed_at: end }: Job) {
  const ran = status === "in_progress" || (status === "completed" && conclusion !== "skipped");
  const time = start ?? end;
  if (!ran || time === null) return undefined;
  return { startedAt: secondsUtc(time), at: secondsUtc(status === "completed" ? (end ?? time) : time) };
}

function stateOf({ status, conclusion }: Job): EntityOf<"deploymentStatus">["state"] {
  if (status !== "completed") return "running";
  return conclusion === "success" ? "success" : conclusion === null ? "unknown" : "failure";
}

/** Who started the attempt that a job belongs to; null where nobody says. */
function starterOf({ run, attempts }: Body, { run_attempt: number }: Job) {
  const last = run.run_attempt ?? 1;
  if (number === undefined || number === last) return actorOf(run.triggering_actor ?? run.actor ?? null);
  return actorOf(attempts.find((attempt) => attempt.run_attempt === number)?.triggering_actor ?? null);
}
