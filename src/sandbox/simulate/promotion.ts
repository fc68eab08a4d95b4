import type { Commit } from "../world.ts";
import { draft, label } from "./draft.ts";
import { finish } from "./merge.ts";
import { ADMINISTRATOR, RELEASE_MANAGER } from "./organisation.ts";
import type { Slot } from "./plan.ts";
import { review } from "./review.ts";
import { type Scenario, scenarioOf } from "./scenario.ts";
import { advance, commit, mainAt, plant, reference, type Site } from "./site.ts";
import type { Topic } from "./texts.ts";

/** Takes what is on the default branch to the promoted one by a change of its own, approved by the release manager. */
export function promotion(site: Site, slot: Slot, head: string): Commit {
  const { cast, spec, repository } = site;
  const target = spec.promotion as string;
  const from = site.mainline.findIndex((each) => each.oid === site.promoted.from);
  const to = site.mainline.findIndex((each) => each.oid === head);
  const commits = site.mainline.slice(from + 1, to + 1).map((each) => each.oid);
  const day = new Date(slot.at).toISOString().slice(0, 10);
  const topic: Topic = {
    title: `Release ${day}`,
    reason: `Takes ${commits.length} changes from ${repository.defaultBranch} to ${target}.`,
    branch: repository.defaultBranch,
    request: `Release of ${day}`,
  };
  const author = spec.people.at(-1) as string;
  const scenario: Scenario = { ...scenarioOf("clean", site.rnd, spec), author, merger: author };
  const change = draft(site, slot, scenario, topic);
  Object.assign(change, {
    baseRefName: target,
    baseRefOid: site.promoted.to,
    headRefOid: head,
    commits,
  });
  label(site, change, ["release"]);
  change.mergedBy = cast.account(author);
  review(site, change, RELEASE_MANAGER, "APPROVED", head, slot.createdAt + Math.floor((slot.at - slot.createdAt) / 2));
  const message = `Merge pull request ${reference(slot)} from ${site.organisation}/${repository.defaultBranch}\n\n${topic.title}`;
  const tree = repository.commits.get(head)?.tree as string;
  const more = { committer: cast.web, changes: [slot.number], tree };
  const merged = commit(site, [site.promoted.to, head], message, cast.git(author), slot.at, more);
  finish(site, slot, change, merged);
  repository.branches.set(target, merged.oid);
  repository.pushedAt = Math.max(repository.pushedAt, slot.at);
  site.promoted = { from: head, to: merged.oid };
  return merged;
}

/** A commit pushed to the branch past any change; one kind wears the message of a merge. */
export function buildPush(site: Site, slot: Slot): Commit {
  const { cast } = site;
  const asMerge = slot.kind === "direct-push-as-merge";
  const login = asMerge ? "farid-k" : ADMINISTRATOR;
  const message = asMerge
    ? `Merge pull request #1 from ${site.organisation}/quick-fix\n\nRaise the capture timeout`
    : "Open the port for the new probe";
  const made = commit(site, [mainAt(site, Number.POSITIVE_INFINITY)], message, cast.git(login), slot.at);
  advance(site, made, slot.at);
  const why = `${made.oid.slice(0, 7)} was pushed to ${site.repository.defaultBranch} by ${login} past any change.`;
  plant(site, slot.kind, { kind: "commit", oid: made.oid }, slot.at, { "arrived-by-change": "fail" }, why);
  site.pending.push({ outcome: "fail", why: `${made.oid.slice(0, 7)} (${slot.kind})` });
  return made;
}
