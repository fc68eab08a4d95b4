import { expect, test } from "vitest";
import type { Deployment, Entity } from "../../../../src/model/entity.ts";
import { identityMap } from "../../../../src/model/identity.ts";
import type { Coverage } from "../../../../src/model/stream.ts";
import { loadDossiers, reconcile } from "../../../../src/store/dossiers/index.ts";
import { deployment, merged, older, t } from "../../attributes/dossiers.ts";
import { batch, freshFolder, open, stream } from "../evidence-fixture.ts";

const repository = "github/1";
const topic = "eeeeeeee55555555555555555555555555555555";
const ofJob = `${repository}/deployments/workflow/deploy.yml/prod`;
const base = (key: string) => ({ key: `${repository}${key}`, repository });
const graphCommit = (oid: string, ...parents: string[]): Entity => ({
  type: "graphCommit",
  ...base(`@${oid}`),
  oid,
  parents,
  tree: oid,
  changes: [],
});
const head: Entity = { type: "branchHead", ...base("/heads/main"), branch: "main", oid: merged, observedAt: t(100) };
/** A deployment of a stream that succeeded. */
function deployed(id: string, oid: string, within = `${repository}/deployments`, more: Partial<Deployment> = {}) {
  const key = `${within}/${id}`;
  const { record: _, ...made } = deployment(id, oid, { key, ...more });
  const status: Entity = {
    type: "deploymentStatus",
    ...base(`${key}/status`),
    deployment: key,
    state: "success",
    createdAt: t(90),
    creator: null,
    run: null,
  };
  return [made as Entity, status];
}
const origin = (job: string, tree: string) =>
  ({
    environment: "",
    origin: { from: "workflow", stream: job, workflow: "deploy.yml", job: "prod", automation: "bot", tree },
  }) as const;

test("a system's deployments are those of the stream they are read from, gated by its coverage", async () => {
  const { path, remove } = freshFolder();
  const store = await open(path, { normalize: (record) => (record.body as { entities: Entity[] }).entities });
  try {
    const run = await store.beginRun("collect");
    const append = (id: string, said: Omit<Coverage, "stream" | "from" | "to">, ...entities: Entity[]) => {
      const kind = id.split("/")[2] as "commits";
      const coverage = { from: "2026-09-01T00:00:00Z", to: t(400), ...said };
      const records = [{ kind: "object", externalId: id, body: { entities } }];
      return store.append(run, batch(records, { stream: { ...stream(kind, "1"), id }, coverage }));
    };
    await append(`${repository}/commits`, { status: "complete" }, graphCommit(older), graphCommit(merged, older), head);
    await append(`${repository}/changes`, { status: "complete" });
    await append(
      `${repository}/deployments`,
      { status: "complete" },
      ...deployed("1", merged),
      ...deployed("2", older, undefined, { environment: "staging" }),
      ...deployed("3", older),
    );
    // Of a branch's own head, with the tree of what was merged.
    await append(
      ofJob,
      { status: "partial", reason: "the jobs of run 8: 502" },
      ...deployed("7", topic, ofJob, origin(ofJob, merged)),
      ...deployed("9", older, `${ofJob}-2`, origin(`${ofJob}-2`, older)),
    );
    await store.endRun(run, "done");
    const scoped = {
      team: "checkout",
      source: "github",
      key: repository,
      name: "riverbank/payments",
      url: "",
      branch: "main",
      environments: ["production", "live"],
      paths: [],
    };
    const period = { from: "2026-10-01T00:00:00Z", to: "2026-11-01T00:00:00Z" };
    const dossiers = await loadDossiers(store, {
      repositories: [
        { ...scoped, system: "by-records" },
        { ...scoped, system: "by-job", deployments: ofJob },
      ],
      ...period,
      asOf: "2026-11-03T00:00:00Z",
      identities: identityMap([]),
    });
    const of = (system: string) => dossiers.deployments.filter((one) => one.system === system);
    expect(of("by-records").map(({ deployment: { id } }) => id)).toEqual(["1", "3"]);
    expect(of("by-records").map(({ gaps }) => gaps.deployments)).toEqual([undefined, undefined]);
    expect(of("by-job")).toMatchObject([
      {
        deployment: { id: "7", environment: "production, live" },
        onBranch: true,
        gaps: { deployments: "the jobs of run 8: 502" },
      },
    ]);
    // What the source itself records, and the job does not, is not lost.
    const { unmatched } = reconcile(dossiers, period);
    const unlisted = unmatched.filter(({ system, kind }) => system === "by-job" && kind === "deployment");
    expect(unlisted.map(({ label }) => label)).toEqual(["deployment 1", "deployment 3"]);
    expect(unmatched.filter(({ system, kind }) => system === "by-records" && kind === "deployment")).toEqual([]);
  } finally {
    await store.close();
    remove();
  }
});
