import type { Commit, PullRequest } from "../world.ts";
import type { Slot } from "./plan.ts";
import type { Scenario } from "./scenario.ts";
import { advance, check, commit, mainAt, reference, type Site } from "./site.ts";
import type { Topic } from "./texts.ts";

/** How a trailer names an account: `Name <address>`. */
export function signature(site: Site, login: string): string {
  const { name, email } = site.cast.git(login);
  return `${name} <${email}>`;
}

/** The commit with which a change reaches the default branch: squashed, merged or, the last of several, rebased. */
export function merge(
  site: Site,
  slot: Slot,
  scenario: Scenario,
  topic: Topic,
  change: PullRequest,
  commits: readonly Commit[],
): Commit {
  const { cast, spec } = site;
  const main = mainAt(site, Number.POSITIVE_INFINITY);
  const numbers = [slot.number];
  const head = commits.at(-1) as Commit;
  const opener = commits[0] as Commit;
  const title = `${change.title} (${reference(slot)})`;
  change.baseRefOid = main;
  change.mergedBy = cast.account(scenario.merger);
  if (spec.merge === "merge") {
    const message = `Merge pull request ${reference(slot)} from ${site.organisation}/${topic.branch}\n\n${change.title}`;
    const more = { committer: cast.web, changes: numbers };
    return commit(site, [main, head.oid], message, cast.git(scenario.merger), slot.at, more);
  }
  if (spec.merge === "rebase") {
    let parent = main;
    let last = head;
    commits.forEach((each, at) => {
      const more = { committer: cast.git(scenario.merger), changes: numbers, committedAt: slot.at };
      last = commit(site, [parent], each.message, each.author, each.authoredAt, more);
      parent = last.oid;
      if (at < commits.length - 1) site.mainline.push({ at: slot.at, oid: last.oid });
    });
    return last;
  }
  const helpers = new Set(commits.map((each) => `${each.author.name} <${each.author.email}>`));
  helpers.delete(`${opener.author.name} <${opener.author.email}>`);
  if (scenario.coAuthor) helpers.add(signature(site, scenario.coAuthor));
  const list = commits.map((each) => `* ${each.message.split("\n", 1)[0]}`).join("\n\n");
  const trailers = [...helpers].map((each) => `Co-authored-by: ${each}`).join("\n");
  const message = `${title}\n\n${list}${trailers && `\n\n---------\n\n${trailers}`}`;
  return commit(site, [main], message, opener.author, slot.at, { committer: cast.web, changes: numbers });
}

/** Marks a change as merged, and moves the default branch where that is its target. */
export function finish(site: Site, slot: Slot, change: PullRequest, merged: Commit): void {
  change.mergeCommit = merged.oid;
  change.mergedAt = slot.at;
  change.closedAt = slot.at;
  change.updatedAt = Math.max(slot.at + 1000, ...change.reviews.map((each) => each.updatedAt));
  if (change.baseRefName !== site.repository.defaultBranch) return;
  advance(site, merged, slot.at);
  if (site.spec.promotion) {
    check(site, merged.oid, "test", { startedAt: slot.at + 5000, completedAt: slot.at + site.rnd.int(60, 90) * 1000 });
    check(site, merged.oid, "lint", { startedAt: slot.at + 5000, completedAt: slot.at + site.rnd.int(30, 50) * 1000 });
  }
}
