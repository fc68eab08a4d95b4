import { expect, test } from "vitest";
import type { Entity, Seen } from "../../../../src/model/entity.ts";
import { identityMap } from "../../../../src/model/identity.ts";
import { loadDossiers, reconcile } from "../../../../src/store/dossiers/index.ts";
import { changeDossier, t } from "../../attributes/dossiers.ts";
import { batch, freshFolder, open, stream } from "../evidence-fixture.ts";

const repository = "github/1";
const base = (key: string) => ({ key: `${repository}${key}`, repository });
const oid = (number: number): string => String(number).repeat(40);
const bare = <T extends Entity>({ record: _, ...entity }: Seen<T>): Entity => entity as unknown as Entity;

/** A change of a repository that two systems share, merged as one commit of the line. */
function merged(number: number, at: number, ...paths: string[]): Entity[] {
  const { change } = changeDossier({
    change: { number, mergeOid: oid(number), headOid: oid(number), mergedAt: t(at) },
  });
  return [
    bare({ ...change, totals: { ...change.totals, commits: 0, files: paths.length } }),
    { type: "changeFiles", ...base(`#${number}`), change: `${repository}#${number}`, paths },
    {
      type: "graphCommit",
      ...base(`@${oid(number)}`),
      oid: oid(number),
      parents: [oid(number - 1)],
      tree: "",
      changes: [],
    },
  ];
}
const september = -7 * 24 * 60;
const entities: Entity[] = [
  ...merged(2, september, "services/a/old.ts"),
  ...merged(3, 10, "services/a/main.ts"),
  ...merged(4, 20, "services/b/main.ts"),
  ...merged(5, 30, "services/a/main.ts", "services/b/main.ts"),
  ...merged(6, 40, "deploy/production.yml"),
  { type: "branchHead", ...base("/heads/main"), branch: "main", oid: oid(6), observedAt: t(100) },
];

test("in a repository that systems share each has the changes of its paths, all have those of nobody's, and the flow counts the same", async () => {
  const { path, remove } = freshFolder();
  const store = await open(path, { normalize: (record) => (record.body as { entities: Entity[] }).entities });
  try {
    const run = await store.beginRun("collect");
    const coverage = { status: "complete", from: "2026-09-01T00:00:00Z", to: t(400) } as const;
    for (const kind of ["commits", "changes", "deployments"] as const) {
      const records = kind === "changes" ? [{ kind: "object", externalId: "all", body: { entities } }] : [];
      await store.append(run, batch(records, { stream: stream(kind, "1"), coverage }));
    }
    await store.endRun(run, "done");
    const shared = {
      team: "checkout",
      source: "github",
      key: repository,
      name: "riverbank/mono",
      url: "",
      branch: "main",
    };
    const system = (id: string) => ({
      ...shared,
      system: id,
      environments: ["production"],
      paths: [`services/${id}/**`],
    });
    const period = { from: "2026-10-01T00:00:00Z", to: "2026-11-01T00:00:00Z" };
    const dossiers = await loadDossiers(store, {
      repositories: [system("a"), system("b")],
      ...period,
      asOf: "2026-11-03T00:00:00Z",
      identities: identityMap([]),
    });
    const numbers = (of: string) =>
      dossiers.changes.filter((one) => one.system === of).map(({ change }) => change.number);
    expect(numbers("a")).toEqual([3, 5, 6]);
    expect(numbers("b")).toEqual([4, 5, 6]);
    expect(dossiers.commits.filter((one) => one.system === "b").map((one) => one.change?.number)).toEqual([4, 5, 6]);
    expect(reconcile(dossiers, period).rows.map(({ system: id, changes, flow }) => [id, changes.merged, flow])).toEqual(
      [
        ["a", 3, { opening: 1, merged: 3, deployed: 0, withdrawn: 0, closing: 4 }],
        ["b", 3, { opening: 0, merged: 3, deployed: 0, withdrawn: 0, closing: 3 }],
      ],
    );
  } finally {
    await store.close();
    remove();
  }
});
