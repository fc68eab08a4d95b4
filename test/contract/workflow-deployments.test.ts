import { afterEach, describe, expect, test } from "vitest";
import type { Stream } from "../../src/model/stream.ts";
import { github } from "../../src/providers/github/index.ts";
import { type Sandbox, simulate, startSandbox, type World } from "../../src/sandbox/index.ts";
import type { CheckConclusion, Repository, WorkflowRun } from "../../src/sandbox/world.ts";
import { collectInto, contextOf, entitiesOf, entitiesOfType, type Kept, nothing, streamsOf } from "./collecting.ts";

// Runs of a workflow as deployments, read over HTTP from a server in GitHub's shapes.
const since = "2026-09-01T00:00:00Z";
const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse("2026-10-20T12:00:00Z");
let now = Date.parse("2026-11-03T00:00:00Z");
const clock = () => new Date(now);
let sandbox: Sandbox;
afterEach(() => sandbox.close());

type Job = readonly [name: string, conclusion: CheckConclusion | null];

/** A simulated organisation in which one repository has no run but those added. */
function deploying() {
  const { world } = simulate();
  const repository = world.repositories.find(({ name }) => name === "ledger-api") as Repository;
  repository.runs = [];
  const logins = new Map([...world.accounts].map(([id, { login }]) => [login, id]));
  let jobIds = 900_000;
  const add = (id: number, attempts: readonly { by: string; at?: number; jobs: readonly Job[] }[]): WorkflowRun => {
    const createdAt = start + id * hour;
    const run: WorkflowRun = {
      id,
      name: "Deploy",
      path: ".github/workflows/deploy.yml",
      event: "push",
      branch: "main",
      oid: repository.deployments[0]?.oid ?? "",
      suite: id,
      actor: logins.get(attempts[0]?.by ?? "") ?? null,
      createdAt,
      updatedAt: createdAt + 10 * minute,
      attempts: attempts.map(({ by, at = 0, jobs }) => ({
        triggeredBy: logins.get(by) ?? null,
        conclusion: jobs.some(([, conclusion]) => conclusion === null) ? null : "SUCCESS",
        startedAt: createdAt + at,
        completedAt: createdAt + at + 5 * minute,
        jobs: jobs.map(([name, conclusion]) => ({
          id: jobIds++,
          name,
          conclusion,
          startedAt: createdAt + at + minute,
          completedAt: conclusion === null ? null : createdAt + at + 4 * minute,
        })),
      })),
      approvals: [],
    };
    repository.runs.push(run);
    return run;
  };
  return { world, repository, add };
}

const streamOf = (world: World, job = "prod", file = "deploy.yml"): Stream => {
  const [base] = streamsOf(world, ["deployments"], ["ledger-api"]);
  if (!base) throw new Error("ledger-api is not simulated");
  return { ...base, id: `${base.id}/workflow/${file}/${job}`, workflow: { file, job }, since };
};
const serve = async (world: World, faults?: string) => {
  sandbox = await startSandbox({ world, faults, clock });
};
const read = (kept: Kept, streams: readonly Stream[]) =>
  collectInto(kept, github, streams, contextOf(sandbox.url, { clock }));
// The source gives the newest first.
const deploymentsOf = (kept: Kept) =>
  entitiesOfType(kept, github, "deployment").sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
const statesOf = (kept: Kept) =>
  entitiesOfType(kept, github, "deploymentStatus")
    .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
    .map(({ state, creator }) => `${state} ${creator?.login}`);

describe("a run of the workflow", () => {
  test("is one deployment where the job ran, under a key that no deployment of the source's has", async () => {
    const { world, repository, add } = deploying();
    add(1, [
      {
        by: "ada-dev",
        jobs: [
          ["build", "SUCCESS"],
          ["prod", "SUCCESS"],
        ],
      },
    ]);
    add(2, [
      {
        by: "ada-dev",
        jobs: [
          ["build", "FAILURE"],
          ["prod", "SKIPPED"],
        ],
      },
    ]);
    add(3, [{ by: "ada-dev", jobs: [["prod", "CANCELLED"]] }]);
    await serve(world);
    const stream = streamOf(world);
    const kept = await read(nothing(), [stream]);
    expect(deploymentsOf(kept)).toMatchObject([
      {
        key: `${stream.id}/1`,
        id: "1",
        oid: repository.deployments[0]?.oid,
        ref: "main",
        creator: { login: "ada-dev" },
        createdAt: "2026-10-20T13:01:00Z",
        origin: {
          from: "workflow",
          stream: stream.id,
          workflow: "deploy.yml",
          job: "prod",
          tree: repository.commits.get(repository.deployments[0]?.oid ?? "")?.tree,
        },
      },
      { id: "3" },
    ]);
    expect(statesOf(kept)).toEqual(["success ada-dev", "failure ada-dev"]);
    expect(kept.coverage).toEqual([{ stream: stream.id, status: "complete", from: since, to: "2026-11-03T00:00:00Z" }]);
    // Valid entities, and the bodies as the source gave them.
    expect(entitiesOf(kept, github).length).toBeGreaterThan(0);
    const body = [...kept.records.values()][0]?.body as { run: { node_id: string }; jobs: { check_run_url: string }[] };
    expect(body.run.node_id).toBeTruthy();
    expect(body.jobs[0]?.check_run_url).toContain("/check-runs/");
  });

  test("that was started again is still one, by whoever started the attempt that first succeeded", async () => {
    const { world, add } = deploying();
    add(1, [
      { by: "ada-dev", jobs: [["prod", "FAILURE"]] },
      { by: "tomasz-w", at: 2 * hour, jobs: [["prod", "SUCCESS"]] },
      { by: "ines-r", at: 4 * hour, jobs: [["prod", "SUCCESS"]] },
    ]);
    await serve(world);
    const kept = await read(nothing(), [streamOf(world)]);
    expect(deploymentsOf(kept)).toMatchObject([{ creator: { login: "tomasz-w" }, totalStatuses: 3 }]);
    expect(statesOf(kept)).toEqual(["failure ada-dev", "success tomasz-w", "success ines-r"]);
  });

  test("that has not ended is looked at again, one that has is not", async () => {
    const { world, add } = deploying();
    add(1, [{ by: "ada-dev", jobs: [["prod", "SUCCESS"]] }]);
    const open = add(2, [{ by: "ada-dev", jobs: [["prod", null]] }]);
    await serve(world);
    const stream = streamOf(world);
    const kept = await read(nothing(), [stream]);
    expect(statesOf(kept)).toEqual(["success ada-dev", "running ada-dev"]);
    open.attempts = [
      {
        triggeredBy: open.actor,
        conclusion: null,
        startedAt: open.createdAt,
        completedAt: null,
        jobs: [
          { ...open.attempts[0]?.jobs[0], conclusion: "SUCCESS", completedAt: open.createdAt + hour } as never,
          { id: 7, name: "tidy up", conclusion: null, startedAt: open.createdAt, completedAt: null },
        ],
      },
    ];
    now += hour;
    const before = kept.batches.length;
    await read(kept, [stream]);
    // The run as a whole has not moved: its list alone would have said that nothing is new.
    expect(statesOf(kept)).toEqual(["success ada-dev", "success ada-dev"]);
    const asked = kept.batches.slice(before).filter(({ exchange }) => exchange.operation === "RunJobs");
    expect(asked.map(({ exchange }) => JSON.parse(exchange.variables).run)).toEqual(["2"]);
  });
});

test("its approvals are asked for with the pipeline runs, as those of the source's own deployments are", async () => {
  const { world, add } = deploying();
  const run = add(1, [{ by: "ada-dev", jobs: [["prod", "SUCCESS"]] }]);
  run.approvals = [{ user: run.actor ?? 0, state: "approved", comment: "", environments: ["production"] }];
  await serve(world);
  const [runs] = streamsOf(world, ["pipelineRuns"], ["ledger-api"]);
  if (!runs) throw new Error("ledger-api is not simulated");
  const kept = await read(nothing(), [streamOf(world), { ...runs, since }]);
  const [approval] = entitiesOfType(kept, github, "deploymentApproval");
  const [status] = entitiesOfType(kept, github, "deploymentStatus");
  expect(approval).toMatchObject({ state: "approved", environment: "production", run: status?.run });
});

describe("what cannot be counted is said", () => {
  test("a job that no run has, with the names there are", async () => {
    const { world, add } = deploying();
    add(1, [
      {
        by: "ada-dev",
        jobs: [
          ["build", "SUCCESS"],
          ["production", "SUCCESS"],
        ],
      },
    ]);
    await serve(world);
    const [said] = (await read(nothing(), [streamOf(world)])).coverage;
    expect(said).toMatchObject({ status: "partial", from: since });
    expect(said?.reason).toMatch(/no run of deploy\.yml has a job named "prod".*run 1 has build, production/);
  });

  test("a workflow that is not there, and runs that may not be read", async () => {
    const { world, add } = deploying();
    add(1, [{ by: "ada-dev", jobs: [["prod", "SUCCESS"]] }]);
    await serve(world);
    const [gone] = (await read(nothing(), [streamOf(world, "prod", "release.yml")])).coverage;
    expect(gone).toMatchObject({ status: "unobserved" });
    expect(gone?.reason).toMatch(/actions:read.*or there is no workflow release\.yml/);
    sandbox.setFaults("forbidden:runs");
    const kept = await read(nothing(), [streamOf(world)]);
    expect(kept.coverage[0]).toMatchObject({ status: "unobserved" });
    expect(kept.coverage[0]?.reason).toContain("actions:read");
    // Once it may be read, all since the beginning is.
    sandbox.setFaults(undefined);
    await read(kept, [streamOf(world)]);
    expect(kept.coverage[0]).toMatchObject({ status: "complete", from: since });
    expect(deploymentsOf(kept)).toHaveLength(1);
  });

  test("more runs than a search gives are all found", async () => {
    const { world, repository, add } = deploying();
    for (let id = 1; id <= 1005; id++) {
      const run = add(id, [{ by: "ada-dev", jobs: [["prod", "SUCCESS"]] }]);
      run.createdAt = start + id * 2000;
    }
    repository.runs.sort((a, b) => a.createdAt - b.createdAt);
    await serve(world);
    const kept = await read(nothing(), [streamOf(world)]);
    expect(deploymentsOf(kept)).toHaveLength(1005);
    expect(kept.coverage[0]?.status).toBe("complete");
  });
});
