import { afterEach, describe, expect, test } from "vitest";
import { coreKinds, type StreamKind } from "../../src/model/stream.ts";
import { github } from "../../src/providers/github/index.ts";
import { simulate } from "../../src/sandbox/index.ts";
import type { WorkflowRun } from "../../src/sandbox/world.ts";
import { collectInto, contextOf, entitiesOf, entitiesOfType, type Kept, nothing } from "./collecting.ts";
import { asked, now, ours, reasonOf, servingFurther, since, statusOf } from "./further-fixture.ts";

const { further, sandbox, serve } = servingFurther();
afterEach(sandbox.close);

const latest = (run: WorkflowRun) => run.attempts.at(-1);

describe("pipeline runs", () => {
  test("are kept with earlier attempts of their checks", async () => {
    const { world } = simulate();
    const repository = ours(world);
    const run = repository.runs.findLast(({ path }) => path.endsWith("test.yml")) as WorkflowRun;
    const attempt = latest(run);
    if (!attempt) throw new Error("a run has an attempt");
    const failed = { ...attempt, conclusion: "FAILURE" as const, jobs: [{ ...attempt.jobs[0], id: 1_699_000_001 }] };
    Object.assign(run, { attempts: [failed, attempt] });
    const kept = await further(world, undefined, ["pipelineRuns"]);
    expect(entitiesOfType(kept, github, "pipelineRun").find(({ id }) => id === String(run.id))).toMatchObject({
      attempt: 2,
      workflow: ".github/workflows/test.yml",
      oid: run.oid,
      conclusion: "success",
    });
    expect(entitiesOfType(kept, github, "check").find(({ id }) => id === "1699000001")).toMatchObject({
      attempt: 1,
      oid: run.oid,
      suite: String(run.suite),
      app: "github-actions",
      workflow: ".github/workflows/test.yml",
    });
  });

  test("that deployed tell who approved, by the run that a deployment's status names", async () => {
    const { world } = simulate();
    const streams = asked(world, [...coreKinds, "pipelineRuns"], "2026-04-01T00:00:00Z");
    const kept = await collectInto(nothing(), github, streams, await serve(world));
    const approvals = entitiesOfType(kept, github, "deploymentApproval");
    const approved = ours(world).runs.filter((run) => run.approvals.length > 0);
    expect(approvals.length).toBeGreaterThan(0);
    expect(approvals.map(({ run }) => run).sort()).toEqual(
      approved.map(({ id }) => `github/${ours(world).id}/pipelineRuns/${id}`).sort(),
    );
    expect(approvals[0]).toMatchObject({ environment: "production", state: "approved", by: { login: "maren-k" } });
  });

  const operations = (kept: Kept) => kept.batches.map(({ exchange }) => exchange.operation);
  const approvedIn = (kept: Kept) => entitiesOfType(kept, github, "deploymentApproval");

  test("are asked for their approvals a hundred in a request, one by one where the server does not know that", async () => {
    const { world } = simulate();
    const streams = asked(world, [...coreKinds, "pipelineRuns"], "2026-04-01T00:00:00Z");
    const together = await collectInto(nothing(), github, streams, await serve(world));
    expect(operations(together).filter((name) => name === "DeploymentReviews").length).toBeGreaterThan(0);
    expect(operations(together)).not.toContain("DeploymentApprovals");
    const run = ours(world).runs.find(({ approvals }) => approvals.length > 0) as WorkflowRun;
    const [approval] = run.approvals;
    if (!approval) throw new Error("an approved run has an approval");
    Object.assign(run, { approvals: Array.from({ length: 4 }, () => approval) });
    await sandbox.close();
    const alone = await collectInto(nothing(), github, streams, await serve(world));
    expect(operations(alone).filter((name) => name === "DeploymentApprovals")).toHaveLength(1);
    const rest = new Set(approvedIn(together).map(({ key }) => key));
    expect(approvedIn(alone).filter(({ key }) => !rest.has(key))).toHaveLength(3);
  });

  test("are passed over where no environment names reviewers, which is said, and gone through once approval is a control", async () => {
    const { world } = simulate();
    for (const environment of ours(world).environments) Object.assign(environment, { reviewers: [] });
    const kinds: StreamKind[] = ["deployments", "environments", "pipelineRuns"];
    const streams = asked(world, kinds, "2026-04-01T00:00:00Z");
    const kept = await collectInto(nothing(), github, streams, await serve(world));
    expect(approvedIn(kept)).toEqual([]);
    expect([statusOf(kept, "pipelineRuns"), reasonOf(kept, "pipelineRuns")]).toEqual([
      "complete",
      "who approved deployments was not asked: no environment names reviewers",
    ]);
    const gated = streams.map((stream) => ({ ...stream, approvals: true }));
    await collectInto(kept, github, gated, contextOf(sandbox.url, { clock: () => now }));
    const approved = ours(world).runs.filter((run) => run.approvals.length > 0);
    expect(approvedIn(kept)).toHaveLength(approved.length);
    expect(reasonOf(kept, "pipelineRuns")).toBeUndefined();
  });

  test("are counted by the source for as far as the stream reaches, in later runs too", async () => {
    const { world } = simulate();
    const streams = asked(world, ["pipelineRuns"], "2026-04-01T00:00:00Z");
    const kept = await collectInto(nothing(), github, streams, await serve(world));
    const stream = streams[0]?.id ?? "";
    const total = kept.totals.get(stream);
    expect(total).toBe(entitiesOfType(kept, github, "pipelineRun").length);
    kept.totals.clear();
    await collectInto(kept, github, streams, contextOf(sandbox.url, { clock: () => now }));
    expect(kept.totals.get(stream)).toBe(total);
  });

  test("named before an interruption are asked for their approvals after it", async () => {
    const { world } = simulate();
    const streams = asked(world, ["deployments", "pipelineRuns"], "2026-04-01T00:00:00Z");
    const whole = await collectInto(nothing(), github, streams, await serve(world));
    const parts = nothing();
    const context = () => contextOf(sandbox.url, { clock: () => now });
    await collectInto(parts, github, streams, context(), 1);
    expect(entitiesOfType(parts, github, "deploymentStatus").length).toBeGreaterThan(0);
    await collectInto(parts, github, streams, context());
    expect(entitiesOf(parts, github)).toEqual(entitiesOf(whole, github));
  });

  test("cannot all be told apart from those that deployed where deployments may not be read, which is said", async () => {
    const { world } = simulate();
    const kept = await further(world, "forbidden:deployments", ["deployments", "pipelineRuns"]);
    expect(statusOf(kept, "pipelineRuns")).toBe("partial");
    expect(reasonOf(kept, "pipelineRuns")).toContain("which runs deployed is not known");
  });

  test("started again weeks later are found, though the list does not move them", async () => {
    const { world } = simulate();
    const run = ours(world).runs.find(({ createdAt }) => createdAt >= Date.parse(since)) as WorkflowRun;
    const kept = await further(world, undefined, ["pipelineRuns"]);
    const attempt = latest(run) as WorkflowRun["attempts"][number];
    Object.assign(run, { attempts: [...run.attempts, attempt], updatedAt: now.getTime() });
    await collectInto(kept, github, asked(world, ["pipelineRuns"]), contextOf(sandbox.url, { clock: () => now }));
    expect(entitiesOfType(kept, github, "pipelineRun").find(({ id }) => id === String(run.id))?.attempt).toBe(2);
    expect(kept.added).toBe(1 + attempt.jobs.length);
  });

  test("beyond what one search gives are read in smaller windows, every one of them", async () => {
    const { world } = simulate();
    const repository = ours(world);
    const [run] = repository.runs as [WorkflowRun];
    repository.runs = Array.from({ length: 2300 }, (_, index) => ({
      ...run,
      id: index + 1,
      createdAt: Date.parse("2026-10-11T00:00:00Z") + index * 60_000,
    }));
    const kept = await further(world, undefined, ["pipelineRuns"]);
    expect(entitiesOfType(kept, github, "pipelineRun")).toHaveLength(2300);
    expect(statusOf(kept, "pipelineRuns")).toBe("complete");
    await collectInto(kept, github, asked(world, ["pipelineRuns"]), contextOf(sandbox.url, { clock: () => now }));
    expect(kept.added).toBe(0);
    expect(kept.batches.at(-1)?.exchange.status).toBe(304);
  });
});
