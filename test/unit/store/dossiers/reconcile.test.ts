import { expect, test } from "vitest";
import type { Entity } from "../../../../src/model/entity.ts";
import type { StreamKind } from "../../../../src/model/stream.ts";
import { loadDossiers, reconcile } from "../../../../src/store/dossiers/index.ts";
import { changeDossier, deployment, merged, older, t } from "../../attributes/dossiers.ts";
import { batch, freshFolder, open, stream } from "../evidence-fixture.ts";
import { bare, graphCommit, headAt, period, requestFor, status, wholeUntil } from "./october-fixture.ts";

const lost = "dddddddd44444444444444444444444444444444";
const labels = Array.from({ length: 100 }, (_, index) => `label-${index}`);
const { change } = changeDossier({ change: { labels } });

const october: readonly (readonly [StreamKind, ...Entity[]])[] = [
  ["commits", graphCommit(older), graphCommit(lost, [older]), graphCommit(merged, [older])],
  ["commits", headAt(older, t(0)), headAt(lost, t(50)), headAt(merged, t(100))],
  ["changes", bare({ ...change, totals: { ...change.totals, labels: 101, commits: 0 } })],
  ["deployments", bare(deployment("1", merged)), status("1")],
  ["deployments", bare(deployment("2", merged)), status("2", { state: "failure" })],
  ["deployments", bare(deployment("3", merged)), status("3", { state: "running" })],
  ["deployments", bare(deployment("4", merged))],
  ["deployments", bare(deployment("5", merged, { environment: "staging" }))],
  ["deployments", bare(deployment("6", merged, { environment: "staging", originalEnvironment: "Production" }))],
  ["deployments", status("6")],
];

test("what was pushed away and what never ended is listed, and a change of whose labels some were not read has a gap", async () => {
  const { path, remove } = freshFolder();
  const store = await open(path, { normalize: (record) => (record.body as { entities: Entity[] }).entities });
  try {
    const run = await store.beginRun("collect");
    for (const kind of ["commits", "changes", "deployments"] as const) {
      const records = october.flatMap(([of, ...entities], index) =>
        of === kind ? [{ kind: "object", externalId: String(index), body: { entities } }] : [],
      );
      await store.append(run, batch(records, { stream: stream(kind, "1"), coverage: wholeUntil(t(400)) }));
    }
    await store.endRun(run, "done");
    const dossiers = await loadDossiers(store, requestFor());
    expect(dossiers.commits.find(({ oid }) => oid === lost)).toMatchObject({
      reached: { from: t(0), to: t(50), exact: false },
      rewritten: { head: lost, seenAt: t(50), now: merged },
    });
    const { rows, unmatched } = reconcile(dossiers, period);
    expect(rows[0]?.commits.onLine).toBe(dossiers.commits.filter(({ rewritten }) => !rewritten).length);
    expect(rows[0]?.deployments.succeeded).toBe(2);
    expect(unmatched.filter(({ label }) => label === "dddddddd")).toMatchObject([
      { kind: "commit", why: expect.stringMatching(/^pushed away: .* now leads to cccccccc$/) },
    ]);
    expect(unmatched.filter(({ kind }) => kind === "deployment").map(({ label, why }) => [label, why])).toEqual([
      ["deployment 3", `recorded at ${t(70)}, and never said to have succeeded: last state running`],
      ["deployment 4", `recorded at ${t(70)}, and never said to have succeeded: last state none`],
      ["deployment 6", "it was to production; the source files it under staging today"],
    ]);
    expect(dossiers.changes[0]?.gaps.changes).toBe("the source counts 101 labels, 100 are stored");
  } finally {
    await store.close();
    remove();
  }
});
