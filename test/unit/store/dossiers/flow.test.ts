import { afterEach, beforeEach, expect, it } from "vitest";
import type { Entity, Seen } from "../../../../src/model/entity.ts";
import { identityMap } from "../../../../src/model/identity.ts";
import type { StreamKind } from "../../../../src/model/stream.ts";
import { loadDossiers, reconcile } from "../../../../src/store/dossiers/index.ts";
import { actor, changeDossier, deployment } from "../../attributes/dossiers.ts";
import { batch, freshFolder, open, stream } from "../evidence-fixture.ts";

const repository = "github/1";
const base = (key: string) => ({ key: `${repository}${key}`, repository });
const oid = (letter: string) => letter.repeat(40);
const bare = <T extends Entity>({ record: _, ...entity }: Seen<T>): Entity => entity as unknown as Entity;

const commit = (letter: string, ...parents: string[]): Entity => ({
  type: "graphCommit",
  ...base(`@${oid(letter)}`),
  oid: oid(letter),
  parents: parents.map(oid),
  tree: oid(letter),
  changes: [],
});
const look = (letter: string, observedAt: string): Entity => ({
  type: "branchHead",
  ...base(`/heads/main/${letter}`),
  branch: "main",
  oid: oid(letter),
  observedAt,
});
const change = (number: number, letter: string, mergedAt: string, baseRef = "main"): Entity => ({
  ...bare(changeDossier().change),
  ...changeDossier({ change: { number, mergedAt, baseRef, mergeOid: oid(letter), headOid: oid("f") } }).change,
  ...base(`#${number}`),
});
const success = (id: string, letter: string, at: string): readonly Entity[] => [
  bare(deployment(id, oid(letter), { createdAt: at })),
  {
    type: "deploymentStatus",
    ...base(`/deployments/${id}/success`),
    deployment: `${repository}/deployments/${id}`,
    state: "success",
    createdAt: at,
    creator: null,
    run: null,
  },
];
const move = (activity: "forcePush" | "push", before: string, after: string, at: string): Entity => ({
  type: "branchActivity",
  ...base(`/activity/${at}`),
  id: at,
  branch: "main",
  activity,
  at,
  by: actor("cara"),
  before: oid(before),
  after: oid(after),
});

const october = { from: "2026-10-01T00:00:00Z", to: "2026-11-01T00:00:00Z" };
const november = { from: "2026-11-01T00:00:00Z", to: "2026-12-01T00:00:00Z" };

/** Changes 1, 2 and 3 merged in October, 1 deployed; in November 3 is pushed away and 4 merged. */
const world: Partial<Record<StreamKind, readonly Entity[]>> = {
  commits: [
    ...[commit("0"), commit("1", "0"), commit("2", "1"), commit("3", "2"), commit("4", "2")],
    ...[look("3", "2026-10-30T00:00:00Z"), look("4", "2026-11-05T00:00:00Z")],
  ],
  changes: [
    change(1, "1", "2026-10-05T00:00:00Z"),
    change(2, "2", "2026-10-06T00:00:00Z"),
    change(3, "3", "2026-10-07T00:00:00Z"),
    change(4, "4", "2026-11-04T00:00:00Z"),
  ],
  deployments: success("1", "1", "2026-10-05T10:00:00Z"),
};

let path: string;
let remove: () => void;
beforeEach(() => {
  ({ path, remove } = freshFolder());
});
afterEach(() => remove());

/** The flows of October and November, from the same evidence. */
async function flows(more: Partial<Record<StreamKind, readonly Entity[]>> = {}) {
  const store = await open(path, { normalize: (record) => [record.body as Entity] });
  const run = await store.beginRun("collect");
  const coverage = { status: "complete", from: "2026-09-01T00:00:00Z", to: "2026-12-02T00:00:00Z" } as const;
  for (const kind of ["commits", "changes", "deployments", "branchActivity"] as const) {
    const records = [...(world[kind] ?? []), ...(more[kind] ?? [])].map((body) => {
      return { kind: body.type, externalId: body.key, body };
    });
    await store.append(run, batch(records, { stream: stream(kind, "1"), coverage }));
  }
  await store.endRun(run, "done");
  const place = { key: repository, name: "riverbank/payments", url: "", source: "github", branch: "main", paths: [] };
  const system = { system: "payments", team: "checkout", environments: ["production"] };
  const asOf = "2026-12-02T00:00:00Z";
  const rowOf = async (period: { readonly from: string; readonly to: string }) => {
    const request = { repositories: [{ ...system, ...place }], ...period, asOf, identities: identityMap([]) };
    const { rows, elsewhere = [] } = reconcile(await loadDossiers(store, request), period);
    return { flow: rows[0]?.flow, changes: rows[0]?.changes, elsewhere };
  };
  try {
    return { october: await rowOf(october), november: await rowOf(november) };
  } finally {
    await store.close();
  }
}

const inOctober = { opening: 0, merged: 3, deployed: 1, withdrawn: 0, closing: 2 };

it.each<[string, Partial<Record<StreamKind, readonly Entity[]>>]>([
  ["the source's record of it", { branchActivity: [move("forcePush", "3", "2", "2026-11-03T00:00:00Z")] }],
  ["the next look alone", {}],
])("a change that a force push took away undeployed is withdrawn, by %s", async (_what, more) => {
  const found = await flows(more);
  expect(found.october.flow).toEqual(inOctober);
  expect(found.november.flow).toEqual({ opening: 2, merged: 1, deployed: 0, withdrawn: 1, closing: 2 });
});

it("is withdrawn when it was pushed away, not when that was found out", async () => {
  const found = await flows({ branchActivity: [move("forcePush", "3", "2", "2026-10-31T00:00:00Z")] });
  expect(found.october.flow).toEqual({ ...inOctober, withdrawn: 1, closing: 1 });
  expect(found.november.flow).toMatchObject({ opening: 1, withdrawn: 0, closing: 2 });
});

it("a change that was deployed before it was pushed away was deployed, and is not withdrawn", async () => {
  const found = await flows({ deployments: success("2", "3", "2026-10-08T00:00:00Z") });
  expect(found.october.flow).toEqual({ ...inOctober, deployed: 3, closing: 0 });
  expect(found.november.flow).toEqual({ opening: 0, merged: 1, deployed: 0, withdrawn: 0, closing: 1 });
});

it("a change that was merged and pushed away between two looks is merged and withdrawn", async () => {
  const found = await flows({
    changes: [change(5, "5", "2026-11-02T00:00:00Z")],
    branchActivity: [
      move("push", "3", "5", "2026-11-02T00:00:00Z"),
      move("forcePush", "5", "2", "2026-11-03T00:00:00Z"),
    ],
  });
  expect(found.october.flow).toEqual(inOctober);
  expect(found.november.flow).toEqual({ opening: 2, merged: 2, deployed: 0, withdrawn: 2, closing: 2 });
  expect(found.november.changes).toEqual({ merged: 2, onLine: 1, notOnLine: 1 });
});

it("a change that no look at the branch is late enough to show is not withdrawn", async () => {
  const { november: found } = await flows({ changes: [change(5, "5", "2026-11-20T00:00:00Z")] });
  expect(found.flow).toEqual({ opening: 2, merged: 2, deployed: 0, withdrawn: 1, closing: 3 });
});

it("a change that was merged to another branch is counted and named beside the population", async () => {
  const { november: found } = await flows({ changes: [change(5, "5", "2026-11-20T00:00:00Z", "release/1")] });
  expect(found.changes).toEqual({ merged: 1, onLine: 1, notOnLine: 0, elsewhere: 1 });
  expect(found.elsewhere).toMatchObject([{ system: "payments", label: "#5", branch: "release/1" }]);
  expect(found.flow).toMatchObject({ merged: 1 });
});
