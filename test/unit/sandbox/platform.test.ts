import { describe, expect, test } from "vitest";
import { simulate } from "../../../src/sandbox/index.ts";
import type { Repository } from "../../../src/sandbox/world.ts";

// What the platform recorded must be what happened: one world, told twice.
const { world, truth } = simulate({ changes: 400 });
const systems = world.repositories.filter(({ changes }) => changes.length > 0);
const each = systems.map((repository) => [repository.name, repository] as const);

describe.each(each)("%s", (name, repository: Repository) => {
  test("every merge and every push past a change is a move of its branch, by who did it", () => {
    const moves = new Map(repository.activity.map((move) => [`${move.branch} ${move.after}`, move]));
    for (const { mergeCommit, mergedBy, mergedAt, baseRefName } of repository.changes) {
      if (mergeCommit === null) continue;
      expect(moves.get(`${baseRefName} ${mergeCommit}`)).toMatchObject({
        type: "pr_merge",
        actor: mergedBy,
        at: mergedAt,
      });
    }
    const pushed = truth.planted.filter(
      ({ repository: of, subject }) => of.endsWith(`/${name}`) && subject.kind === "commit",
    );
    for (const { subject } of pushed) {
      const oid = subject.kind === "commit" ? subject.oid : "";
      expect(moves.get(`${repository.defaultBranch} ${oid}`)).toMatchObject({ type: "push" });
    }
  });

  test("the moves of a branch join: each begins where the last one ended", () => {
    const heads = new Map<string, string | null>();
    for (const { branch, before, after } of repository.activity) {
      if (branch !== repository.defaultBranch) continue;
      expect(before).toBe(heads.get(branch) ?? null);
      heads.set(branch, after);
    }
    expect(heads.get(repository.defaultBranch)).toBe(repository.branches.get(repository.defaultBranch));
  });

  test("the rules were bypassed exactly where a planted change or push went past them, or an emergency did", () => {
    const past = truth.planted
      .filter(({ repository: of }) => of.endsWith(`/${name}`))
      .flatMap(({ subject, attributes }) => {
        if (subject.kind === "commit") return [subject.oid];
        if (subject.kind !== "change" || !attributes["merged-without-bypass"]) return [];
        return repository.changes.find(({ number }) => number === subject.number)?.mergeCommit ?? [];
      });
    const bypassed = repository.ruleSuites.filter(({ result }) => result === "bypass").map(({ after }) => after);
    const emergencies = repository.changes
      .filter(({ labels, mergeCommit }) => labels.includes("emergency") && mergeCommit !== null)
      .map(({ mergeCommit }) => mergeCommit);
    expect(bypassed).toEqual(expect.arrayContaining(past));
    for (const oid of bypassed) expect([...past, ...emergencies]).toContain(oid);
  });

  test("a run's last attempt has the checks of its commit, in the suite they ran in", () => {
    const tests = repository.runs.filter(({ path }) => path.endsWith("test.yml"));
    expect(tests.length).toBeGreaterThan(0);
    for (const { id, oid, suite, attempts } of tests) {
      const checks = (repository.checks.get(oid) ?? []).filter(({ run }) => run === id);
      expect(attempts.at(-1)?.jobs.map((job) => job.id)).toEqual(checks.map((check) => check.id));
      expect(new Set(checks.map((check) => check.suite))).toEqual(new Set([suite]));
      const [earlier, later] = attempts;
      if (earlier && later) expect(earlier.completedAt ?? 0).toBeLessThan(later.startedAt);
    }
  });

  test("every environment that is deployed to has its rules, and every person who acted a role", () => {
    expect(new Set(repository.environments.map((environment) => environment.name))).toEqual(
      new Set(repository.deployments.map(({ environment }) => environment)),
    );
    const known = new Set(repository.collaborators.map(({ account }) => account));
    for (const { mergedBy } of repository.changes) if (mergedBy !== null) expect(known.has(mergedBy)).toBe(true);
  });
});

test("workflows may approve only where one did", () => {
  const planted = truth.planted.filter(({ kind }) => kind === "bot-approval").map(({ repository }) => repository);
  const may = systems.filter(({ workflowsMayApprove }) => workflowsMayApprove).map(({ name }) => `riverbank/${name}`);
  expect(may).toEqual([...new Set(planted)]);
});

test("now and then a check failed first and was started again", () => {
  const again = systems.flatMap(({ runs }) => runs).filter(({ attempts }) => attempts.length > 1);
  expect(again.length).toBeGreaterThan(0);
  expect(again.every(({ attempts }) => attempts[0]?.conclusion === "FAILURE")).toBe(true);
});
