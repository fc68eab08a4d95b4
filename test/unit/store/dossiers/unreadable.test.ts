import { afterEach, beforeEach, expect, test } from "vitest";
import { attributes } from "../../../../src/attributes/index.ts";
import type { Dossier } from "../../../../src/model/dossier.ts";
import type { Entity } from "../../../../src/model/entity.ts";
import type { SourceRecord, StreamKind } from "../../../../src/model/stream.ts";
import { loadDossiers } from "../../../../src/store/dossiers/index.ts";
import type { StoreOptions } from "../../../../src/store/index.ts";
import { SourceError } from "../../../../src/util/errors.ts";
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
  rule,
  t,
  verdict,
  workItem,
} from "../../attributes/dossiers.ts";
import { batch, freshFolder, open, stream } from "../evidence-fixture.ts";
import { bare, base, graphCommit, repository, requestFor, status, wholeUntil } from "./october-fixture.ts";

let path: string;
let remove: () => void;
beforeEach(() => {
  ({ path, remove } = freshFolder());
});
afterEach(() => remove());

const pushed = "dddddddd44444444444444444444444444444444";
const hotfix = "eeeeeeee55555555555555555555555555555555";
const promoted = "github/1/commits/prod";
const change = `${repository}#12`;
const seenAt = (observedAt: string, ...rules: ReturnType<typeof rule>[]): Entity => ({
  type: "protection",
  ...base(`/protection/${observedAt}`),
  branch: "main",
  observedAt,
  rules,
});

/** An October with what passes and what fails: a change approved, then rejected, one of two checks failed; a pushed commit; a deployment by a person. */
const october: readonly (readonly [stream: string, ...Entity[]])[] = [
  ["commits", graphCommit(older)],
  ["commits", graphCommit(merged, [older]), bare(commit(merged))],
  ["commits", graphCommit(pushed, [merged]), bare(commit(pushed, "cara"))],
  ["commits", { type: "branchHead", ...base("/heads/main"), branch: "main", oid: pushed, observedAt: t(90) }],
  ["commits/prod", graphCommit(hotfix, [merged])],
  ["changes", bare(changeDossier({ change: { labels: ["emergency"] } }).change)],
  [
    "changes",
    { type: "changeCommit", ...base("#12/1"), change, oid: head, ordinal: 0 },
    bare(commit(head, "ada", { coAuthored: false })),
  ],
  ["reviews", bare(review("ben", 30))],
  ["reviews", bare(review("cara", 40, { state: "changesRequested" }))],
  ["checks", bare(check("test", 20))],
  ["checks", bare(check("scan", 20, { conclusion: "failure" }))],
  ["workItems", bare(workItem(-5))],
  ["files", { type: "changeFiles", ...base("#12"), change, paths: ["billing/settle.ts"] }],
  ["deployments", bare(deployment("80", older, { createdAt: t(10) }))],
  ["deployments", status("80", { createdAt: t(11) })],
  ["deployments", bare(deployment("90", merged))],
  ["deployments", status("90", { createdAt: t(75) })],
  ["deployments", bare(deployment("91", hotfix, { createdAt: t(80), creator: actor("ada") }))],
  ["deployments", status("91", { createdAt: t(81) })],
  ["protection", seenAt(t(-500), rule())],
  ["protection", seenAt(t(400), rule({ approvals: 0, updatedAt: t(300) }))],
];
const policy = {
  requiredChecks: [{ name: "test" }],
  securityChecks: [{ name: "scan" }],
  requestLink: "required",
  significant: { paths: ["billing/**"], approvers: ["github:109"] },
};

const normalize: StoreOptions["normalize"] = (record) => {
  const { entities } = record.body as { entities?: readonly Entity[] };
  if (!entities) throw new SourceError("unexpectedShape", "its shape is unknown");
  return entities;
};

interface Tested {
  readonly of: string;
  readonly requires: readonly StreamKind[];
  readonly outcome: string;
  readonly message: string;
}

/** Every attribute's verdict on every item, where the record with this number was given in a shape nobody can read. */
async function outcomes(unreadable?: number, file = path): Promise<readonly Tested[]> {
  const store = await open(file, { normalize });
  try {
    const run = await store.beginRun("collect");
    const records = october.map(([to, ...entities], index) => ({
      to,
      record: { kind: "object", externalId: String(index), body: index === unreadable ? { index } : { entities } },
    }));
    for (const [to, some] of Map.groupBy(records, (each) => each.to)) await store.append(run, given(to, some));
    await store.endRun(run, "done");
    const dossiers = await loadDossiers(store, requestFor({ promotedThrough: ["prod"] }));
    const all: Dossier[] = [
      ...dossiers.commits,
      ...dossiers.changes,
      ...dossiers.deployments,
      ...dossiers.configuration,
    ];
    return all.flatMap((dossier) =>
      attributes
        .filter(({ subject }) => subject === dossier.subject)
        .map((attribute) => {
          const { outcome, message } = verdict(attribute, dossier, policy);
          return { of: `${attribute.id} of ${dossier.key}`, requires: attribute.requires, outcome, message };
        }),
    );
  } finally {
    await store.close();
  }
}

function given(to: string, some: readonly { readonly record: SourceRecord }[]) {
  const kind = to.split("/")[0] as StreamKind;
  return batch(
    some.map(({ record }) => record),
    { stream: { ...stream(kind, "1"), id: `${repository}/${to}` }, coverage: wholeUntil(t(400)) },
  );
}

test("a record that cannot be read gives no pass that was none before, and leaves nothing of its stream decided", async () => {
  const whole = await outcomes();
  const passed = new Set(whole.filter(({ outcome }) => outcome === "pass").map(({ of }) => of));
  expect([...new Set(whole.map(({ outcome }) => outcome))].sort()).toEqual([
    "fail",
    "notApplicable",
    "notVerifiable",
    "pass",
  ]);
  for (const [index, [to]] of october.entries()) {
    const folder = freshFolder();
    try {
      const tested = await outcomes(index, folder.path);
      const newPasses = tested.filter(({ of, outcome }) => outcome === "pass" && !passed.has(of));
      expect({ index, newPasses }).toEqual({ index, newPasses: [] });
      const kind = to as StreamKind;
      for (const { of, requires, outcome, message } of tested) {
        if (!requires.includes(kind)) continue;
        expect({ index, of, outcome }).toEqual({ index, of, outcome: "notVerifiable" });
        expect(message).toMatch(/record r\d+ \(object \d+\) could not be read: its shape is unknown/);
      }
    } finally {
      folder.remove();
    }
  }
});

test("a record of a promoted branch that cannot be read leaves only the deployments from that branch open", async () => {
  const index = october.findIndex(([to]) => `${repository}/${to}` === promoted);
  const open = (await outcomes(index)).filter(({ message }) => message.includes("could not be read"));
  expect(open.map(({ of }) => of)).toEqual([`deployed-as-approved of ${repository}/deployments/91`]);
});
