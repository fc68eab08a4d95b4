import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { attributes } from "../../../../src/attributes/index.ts";
import type { Entity } from "../../../../src/model/entity.ts";
import type { Coverage, StreamKind } from "../../../../src/model/stream.ts";
import { type Dossiers, loadDossiers, reconcile, type ScopedRepository } from "../../../../src/store/dossiers/index.ts";
import {
  actor,
  changeDossier,
  check,
  commit,
  deployment,
  head,
  merged,
  older,
  review,
  t,
  verdict,
} from "../../attributes/dossiers.ts";
import {
  accessAt,
  deploymentApproval,
  environment,
  labelled,
  move,
  run,
  suite,
  tag,
} from "../../attributes/platform-records.ts";
import { batch, freshFolder, open, stream } from "../evidence-fixture.ts";
import {
  bare,
  base,
  graphCommit,
  headAt,
  period,
  repository,
  requestFor,
  status,
  wholeUntil,
} from "./october-fixture.ts";

const onMain = (activity: "push" | "merge" | "forcePush", at: number, before: string | null, after: string) =>
  bare(move("cara", at, { branch: "main", activity, before, after }));
const merge = bare(changeDossier({ change: { totals: { ...changeDossier().change.totals, events: 1 } } }).change);
const link: Entity = { type: "changeCommit", ...base("#12/1"), change: `${repository}#12`, oid: head, ordinal: 0 };

/** What streams hold, oldest first; each object is a record of its own, named by its first entity's key. */
type Evidence = Partial<Record<StreamKind, readonly Entity[]>>;
const usual: Evidence = {
  commits: [
    graphCommit(older, []),
    graphCommit(merged, [older], "tree"),
    bare(commit(merged, "ada", { madeBy: "platform", tree: "tree" })),
    headAt(merged, t(300)),
  ],
  changes: [merge, link, bare(commit(head, "ada", { tree: "tree" })), bare(labelled("emergency", 5))],
  reviews: [bare(review("ben", 30))],
  checks: [bare(check("test", 20))],
};

let path: string;
let remove: () => void;
beforeEach(() => {
  ({ path, remove } = freshFolder());
});
afterEach(() => remove());

async function load(
  evidence: Evidence,
  coverage: Partial<Record<StreamKind, Omit<Coverage, "stream">>> = {},
  scope: Partial<ScopedRepository> = {},
): Promise<Dossiers> {
  const store = await open(path, { normalize: (record) => [record.body as Entity] });
  const runId = await store.beginRun("collect");
  for (const kind of new Set([...Object.keys(evidence), ...Object.keys(coverage)] as StreamKind[])) {
    // One batch an object: a later one of the same name is another record of it.
    for (const entity of evidence[kind] ?? [])
      await store.append(
        runId,
        batch([{ kind: entity.type, externalId: entity.key, body: entity }], { stream: stream(kind, "1") }),
      );
    await store.append(
      runId,
      batch([], { stream: stream(kind, "1"), coverage: coverage[kind] ?? wholeUntil(t(40_000)) }),
    );
  }
  await store.endRun(runId, "done");
  try {
    return await loadDossiers(store, requestFor(scope));
  } finally {
    await store.close();
  }
}

describe("the moves of a branch", () => {
  it("place commits exactly and name who pushed them", async () => {
    const pushed = "d".repeat(40);
    const { commits, changes } = await load({
      ...usual,
      commits: [...(usual.commits ?? []), graphCommit(pushed, [merged]), headAt(pushed, t(500))],
      branchActivity: [
        onMain("merge", 60, older, merged),
        onMain("push", 411, merged, pushed),
        bare(move("ben", 20)),
        bare(move("ben", 25, { branch: "copy" })),
      ],
    });
    expect(commits.find(({ oid }) => oid === pushed)).toMatchObject({
      reached: { from: t(411), to: t(411), exact: true },
      activity: { by: { login: "cara" }, activity: "push" },
      change: undefined,
    });
    expect(commits.find(({ oid }) => oid === merged)).toMatchObject({ activity: { activity: "merge" } });
    expect(changes[0]).toMatchObject({ merge: { activity: "merge" } });
    expect(changes[0]?.pushes.map(({ branch, at }) => [branch, at])).toEqual([
      ["faster", t(20)],
      ["copy", t(25)],
    ]);
  });

  it("15: keep what a force push took away, with both commits, whether or not a look had seen it", async () => {
    const lost = "d".repeat(40);
    const evidence: Evidence = {
      ...usual,
      branchActivity: [
        onMain("push", 30, older, lost),
        onMain("forcePush", 50, lost, older),
        onMain("merge", 60, older, merged),
      ],
    };
    const { configuration } = await load(evidence);
    expect(configuration[0]?.rewrites).toMatchObject([
      { before: lost, after: older, at: t(50), by: { login: "cara" } },
    ]);
  });

  it("15: a force push back to what an earlier look had seen brings nothing anew", async () => {
    const { commits } = await load({
      ...usual,
      commits: [...(usual.commits ?? []), headAt(older, t(10))],
      branchActivity: [onMain("forcePush", 50, "d".repeat(40), older), onMain("merge", 60, older, merged)],
    });
    expect(commits.find(({ oid }) => oid === older)).toMatchObject({
      reached: { to: t(10), exact: false },
      activity: undefined,
    });
  });

  it("15: name who pushed away a commit that a look had seen", async () => {
    const lost = "d".repeat(40);
    const { commits } = await load({
      ...usual,
      commits: [...(usual.commits ?? []), graphCommit(lost, [older]), headAt(lost, t(40))],
      branchActivity: [onMain("forcePush", 50, lost, older), onMain("merge", 60, older, merged)],
    });
    expect(commits.find(({ oid }) => oid === lost)).toMatchObject({
      rewritten: { head: lost, now: merged },
      activity: { activity: "forcePush", at: t(50) },
    });
  });
});

describe("a change", () => {
  it("has what the platform keeps beside it", async () => {
    const { changes } = await load({
      ...usual,
      ruleSuites: [bare(suite("bypassed")), bare(suite("failed")), bare(suite("passed", { branch: "other" }))],
      pipelineRuns: [bare(run("ben", "push")), bare(run("ben", "push", { oid: older }))],
      access: [bare(accessAt(-900, { ben: "write" }))],
    });
    expect(changes[0]).toMatchObject({
      ruleSuite: { result: "bypassed" },
      runs: [{ oid: head }],
      access: [{ accounts: [{ role: "write" }] }],
      events: [{ label: "emergency" }],
      mergeCommit: { commit: { oid: merged, madeBy: "platform" }, graph: { tree: "tree" } },
      headTree: "tree",
      builtOnBase: false,
    });
  });

  it.each([
    ["before", 30],
    ["after", 5000],
  ])("keeps the bypass of its merge, where the source found the rules met %s it for the same commit", async (_, at) => {
    const [bypass, met] = [bare(suite("bypassed")), bare(suite("passed", { at: t(at) }))];
    const changes = [...(usual.changes ?? []).filter(({ type }) => type !== "changeEvent"), bare(labelled("docs", 5))];
    for (const ruleSuites of [
      [bypass, met],
      [met, bypass],
    ]) {
      remove();
      ({ path, remove } = freshFolder());
      const [change] = (await load({ ...usual, changes, ruleSuites })).changes;
      expect(change?.ruleSuite).toMatchObject({ result: "bypassed", at: t(60) });
      const tested = attributes.find(({ id }) => id === "merged-without-bypass");
      expect(tested && change && verdict(tested, change).outcome).toBe("fail");
    }
  });

  it("is not missing what nobody may read, but what was read in part", async () => {
    const reached = { from: "2026-09-01T00:00:00Z", to: t(40_000) };
    const denied = { ...reached, status: "unobserved", reason: "403" } as const;
    const part = { ...reached, status: "partial", reason: "page 3 unread" } as const;
    const coverage = { access: denied, branchActivity: part, ruleSuites: part, pipelineRuns: part };
    const { changes } = await load(usual, coverage);
    expect(changes[0]?.gaps).toMatchObject({ branchActivity: "page 3 unread", ruleSuites: "page 3 unread" });
    expect(Object.keys(changes[0]?.gaps ?? {})).not.toContain("access");
    expect(Object.keys(changes[0]?.gaps ?? {})).not.toContain("pipelineRuns");
  });

  it("21: does not take an earlier attempt for a check that the source counts and nobody read", async () => {
    const totals = { ...changeDossier().change.totals, events: 1, checks: 2 };
    const changes = [{ ...merge, totals }, ...(usual.changes ?? []).slice(1)];
    const earlier = bare(check("test", 15, { attempt: 1, conclusion: "failure" }));
    const gapOf = async (...checks: Entity[]) => (await load({ ...usual, changes, checks })).changes[0]?.gaps.checks;
    expect(await gapOf(bare(check("test", 20)), earlier)).toBe("the source counts 2 checks, 1 are stored");
    const another = freshFolder();
    path = another.path;
    expect(await gapOf(bare(check("test", 20)), bare(check("lint", 20)), earlier)).toBeUndefined();
    another.remove();
  });

  it("29: keeps the author that an earlier record named, and the record that did", async () => {
    const gone = { ...merge, author: null } as Entity;
    const made = commit(head, "ada", { tree: "tree" });
    const nameless = { ...made, author: { ...made.author, account: null } };
    const { changes } = await load({
      ...usual,
      changes: [merge, link, bare(made), gone, bare(nameless), bare(labelled("emergency", 5))],
    });
    expect(changes[0]).toMatchObject({
      change: { author: { id: actor("ada").id } },
      commits: [{ author: { account: { id: actor("ada").id } } }],
    });
    expect(changes[0]?.authorSeenIn).toBeLessThan(changes[0]?.change.record ?? 0);
  });
});

describe("the looks at who may do what", () => {
  const at = (minutes: number) => bare(accessAt(minutes, { ada: "admin" }));
  const [august, october, november] = [-60 * 24 * 40, 0, 60 * 24 * 29];

  it.each<[string, readonly number[], readonly number[]]>([
    [
      "are the period's, with the one that stood at its beginning",
      [august - 1, august, october, november],
      [august, october],
    ],
    ["are the first after it where nobody looked by its end", [november, november + 1], [november]],
  ])("%s", async (_name, looks, found) => {
    const { configuration } = await load({ ...usual, access: looks.map(at) });
    expect(configuration[0]?.access.map(({ observedAt }) => observedAt)).toEqual(found.map(t));
  });
});

describe("a merge made by hand and pushed", () => {
  const { change } = changeDossier({ change: { mergeOid: head } });
  const byHand: Evidence = {
    ...usual,
    commits: [
      graphCommit(older, []),
      graphCommit(head, [older], "head"),
      graphCommit(merged, [older, head], "other"),
      bare(commit(merged, "cara", { madeBy: "other" })),
      headAt(merged, t(300)),
    ],
    changes: [bare(change), link, bare(commit(head))],
  };

  it("is explained by its change, as a class of its own", async () => {
    const dossiers = await load(byHand);
    expect(dossiers.commits.find(({ oid }) => oid === merged)).toMatchObject({
      mergedByHand: true,
      change: { number: 12 },
    });
    const { rows, unmatched } = reconcile(dossiers, period);
    expect(rows[0]?.commits).toMatchObject({ explained: 1, byHand: 1 });
    expect(rows[0]?.changes).toEqual({ merged: 1, onLine: 1, notOnLine: 0 });
    expect(unmatched.filter(({ label }) => label === "#12" || label === merged.slice(0, 8))).toEqual([]);
  });

  it("17: shows the merge with its tree, beside the tree a clean one would have", async () => {
    const { changes } = await load(byHand);
    expect(changes[0]).toMatchObject({
      mergedByHand: true,
      mergeCommit: { commit: { oid: merged, madeBy: "other" }, graph: { tree: "other" } },
      headTree: "head",
      builtOnBase: true,
    });
  });
});

describe("a deployment", () => {
  const deployed = (oid: string, named: string | null = null, ref = "main"): Evidence => ({
    ...usual,
    deployments: [bare(deployment("90", oid, { ref })), status("90", { run: named })],
  });

  it("of a change's own head, squashed since, holds what was merged where the trees are one", async () => {
    const { deployments } = await load(deployed(head));
    expect(deployments[0]).toMatchObject({ onBranch: true });
    expect(deployments[0]?.brought?.map(({ oid }) => oid)).toContain(merged);
  });

  it("off the branch's line has the moves that brought its commit to the source, one of the line none", async () => {
    const branchActivity = [onMain("merge", 60, older, merged), bare(move("ben", 20))];
    const off = await load({ ...deployed(head), branchActivity });
    expect(off.deployments[0]?.pushes).toMatchObject([{ by: { login: "ben" }, branch: "faster", after: head }]);
    remove();
    ({ path, remove } = freshFolder());
    const on = await load({ ...deployed(merged), branchActivity });
    expect(on.deployments[0]?.pushes).toBeUndefined();
  });

  it("of a gated system has its run, who approved it, and the environment as seen before it", async () => {
    const made = run("ada", "push", { oid: merged, branch: "main" });
    const evidence: Evidence = {
      ...deployed(merged, made.id),
      environments: [
        bare(environment()),
        bare(environment({ ...base("/environments/later"), observedAt: t(900), reviewers: [] })),
      ],
      pipelineRuns: [bare(made), bare({ ...deploymentApproval("cara"), run: made.key })],
    };
    const { deployments } = await load(evidence, {}, { profile: "gated" });
    expect(deployments[0]).toMatchObject({
      profile: "gated",
      run: { id: made.id },
      approvals: [{ by: { login: "cara" } }],
      environment: { observedAt: t(-100), reviewers: ["cara"] },
      gaps: {},
    });
  });

  it("of a gated system misses what was not collected, of a continuous one nothing", async () => {
    const gated = await load(deployed(merged), {}, { profile: "gated" });
    expect(gated.deployments[0]?.gaps).toMatchObject({ environments: "this stream was not collected" });
    remove();
    ({ path, remove } = freshFolder());
    const continuous = await load(deployed(merged), {}, { profile: "continuous" });
    expect(continuous.deployments[0]?.gaps).toEqual({});
  });

  it("27: names every commit its tag was seen on, where that is more than one", async () => {
    const sightings = [bare(tag(merged, 70)), bare(tag(older, 900))];
    const moved = await load({ ...deployed(merged, null, "refs/tags/v1"), releases: sightings });
    expect(moved.deployments[0]?.movedTag.map(({ oid }) => oid)).toEqual([merged, older]);
    remove();
    ({ path, remove } = freshFolder());
    const stood = await load({ ...deployed(merged, null, "v1"), releases: sightings.slice(0, 1) });
    expect(stood.deployments[0]?.movedTag).toEqual([]);
  });
});
