import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, simulate, startSandbox, type World } from "../../../src/sandbox/index.ts";
import type { Repository } from "../../../src/sandbox/world.ts";
import { ask } from "./ask.ts";

const { world } = simulate({ changes: 60 });
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ world });
});
afterAll(() => sandbox.close());

const named = (from: World, name: string) => from.repositories.find((each) => each.name === name) as Repository;
const inPayments = (body: string) => `{ repository(owner: "riverbank", name: "payments") { ${body} } }`;

test("a timeline gives the types it is asked for, and counts all it holds whatever they are", async () => {
  const change = named(world, "payments").changes.find((each) => each.labels.length > 0 && each.mergedAt !== null);
  if (!change) throw new Error("no labelled change");
  const query =
    inPayments(`pullRequest(number: ${change.number}) { timelineItems(first: 50, itemTypes: [PULL_REQUEST_REVIEW, LABELED_EVENT, REVIEW_DISMISSED_EVENT, ADDED_TO_MERGE_QUEUE_EVENT]) {
    totalCount filteredCount pageCount nodes { __typename ... on LabeledEvent { createdAt label { name } actor { login } } } } }`);
  const { errors, data } = await ask(sandbox, query);
  expect(errors).toBeUndefined();
  const { nodes, totalCount, filteredCount, pageCount } = data.repository.pullRequest.timelineItems;
  const { commits, reviews, dismissals, events } = change;
  expect(nodes).toHaveLength(reviews.length + dismissals.length + events.length);
  expect({ filteredCount, pageCount }).toEqual({ filteredCount: nodes.length, pageCount: nodes.length });
  expect(totalCount).toBe(nodes.length + commits.length + 1);
  const labels = nodes.filter((each: { __typename: string }) => each.__typename === "LabeledEvent");
  expect(labels.map((each: { label: { name: string } }) => each.label.name)).toEqual(change.labels);
  expect(Date.parse(labels[0].createdAt)).toBe(Math.floor(change.createdAt / 1000) * 1000);
});

test("every label that a simulated change has was given to it by an event", () => {
  for (const { changes } of world.repositories)
    for (const { labels, events } of changes)
      expect(events.filter((each) => each.kind === "LabeledEvent").map((each) => each.label)).toEqual(labels);
});

test("a timeline of events that were not recorded is refused with that word", async () => {
  const without = simulate({ changes: 60 }).world;
  named(without, "payments").unrecorded = new Set(["events"]);
  const other = await startSandbox({ world: without });
  const types = "[PULL_REQUEST_REVIEW, LABELED_EVENT]";
  const query = (itemTypes: string) =>
    inPayments(
      `pullRequests(first: 2) { nodes { number timelineItems(first: 1, itemTypes: ${itemTypes}) { totalCount } } }`,
    );
  const refused = await ask(other, query(types));
  expect(refused.errors).toMatchObject([{ type: "FORBIDDEN", message: "not recorded" }, { type: "FORBIDDEN" }]);
  expect(refused.data.repository.pullRequests.nodes[0].number).toBeGreaterThan(0);
  expect((await ask(other, query("[PULL_REQUEST_REVIEW]"))).errors).toBeUndefined();
  await other.close();
});

test("GitHub signs the merges it makes; a person's push is unsigned, whatever name and address it bears", async () => {
  const forged = simulate({ changes: 60 }).world;
  const repository = named(forged, "payments");
  const pushed = [...repository.commits.values()].find(
    (each) => each.changes.length === 0 && each.parents.length === 1,
  );
  if (!pushed) throw new Error("no direct push");
  Object.assign(pushed, { committer: { name: "GitHub", email: "noreply@github.com", account: null } });
  const merge = repository.changes.find((each) => each.mergeCommit !== null)?.mergeCommit;
  const other = await startSandbox({ world: forged });
  const of = (oid: string) =>
    `object(oid: "${oid}") { ... on Commit { signature { isValid wasSignedByGitHub } tree { oid } } }`;
  const { data } = await ask(other, inPayments(`pushed: ${of(pushed.oid)} merge: ${of(merge ?? "")}`));
  expect(data.repository.pushed).toEqual({ signature: null, tree: { oid: pushed.tree } });
  expect(data.repository.merge.signature).toEqual({ isValid: true, wasSignedByGitHub: true });
  await other.close();
});
