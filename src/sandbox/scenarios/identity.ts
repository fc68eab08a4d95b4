import type { Commit } from "../world.ts";
import { type Scenario, UNAPPROVED, UNCLEAR } from "./scenario.ts";
import { open } from "./story.ts";

const EXEMPT = ["automation: [{ account: github:dependabot, approval: none, checks: required }]"];

/** Who somebody is. */
export const IDENTITY: readonly Scenario[] = [
  {
    name: "service-account-itself",
    covers: [24],
    title: "A dependency bot's own change, exempt from approval",
    own: { approvals: 0, policy: EXEMPT },
    play: (stage) => open(stage, "dependabot", { signed: true }).merge("ines-r"),
    expect: {},
    because: "The platform's signature shows that the bot made every commit, and policy exempts the bot.",
  },
  {
    name: "service-account-in-name-only",
    covers: [24],
    title: "An unsigned commit under the bot's name on the bot's change",
    own: { approvals: 0, policy: EXEMPT },
    play: (stage) =>
      open(stage, "dependabot", { signed: true }).push("dependabot", { pusher: "farid-k" }).merge("ines-r"),
    expect: { change: UNAPPROVED },
    says: [{ of: "change", attribute: "approved-by-someone-independent", text: "refused" }],
    because:
      "Anybody can write the bot's name into a commit; without the platform's signature the exemption is refused.",
  },
  {
    name: "person-under-a-bots-name",
    covers: [24],
    title: "A person's change whose commits carry the bot's name",
    own: { approvals: 0, policy: EXEMPT },
    play: (stage) => open(stage, "ines-r", { writer: "dependabot", pusher: "ines-r" }).merge("ines-r"),
    expect: { change: UNAPPROVED },
    because: "The account that opened the change is a person's; the exemption is the bot's.",
  },
  {
    name: "author-deleted-before-any-look",
    covers: [29],
    title: "The author's account was deleted before it was ever seen",
    play: (stage) => open(stage, null).approve("farid-k").merge("hanna-b"),
    expect: { change: UNCLEAR },
    because: "Nobody can be shown to be independent of somebody unknown.",
  },
  {
    name: "author-deleted-between-looks",
    covers: [29],
    title: "The author's account is deleted after it had been seen",
    play: (stage) => {
      const { change } = open(stage, "bruno-s").approve("farid-k").merge("hanna-b");
      stage.later.push(() => {
        forget(stage.repository.commits, change.commits);
        change.author = null;
        change.updatedAt = stage.now;
      });
    },
    expect: {},
    because: "An earlier look recorded the author's id, which stays; the approver is somebody else.",
  },
  {
    name: "author-deleted-approves-own-change",
    covers: [29],
    title: "The author approved from a second account, and the first is deleted later",
    play: (stage) => {
      const { change } = open(stage, "ada-dev").approve("ada-admin").merge("hanna-b");
      stage.later.push(() => {
        forget(stage.repository.commits, change.commits);
        change.author = null;
        change.updatedAt = stage.now;
      });
    },
    expect: { change: UNAPPROVED },
    because: "The earlier look shows whose account it was: the approver's own.",
  },
];

/** What the platform shows of a deleted account's commits: names and addresses without an account. */
function forget(commits: Map<string, Commit>, oids: readonly string[]): void {
  for (const oid of oids) {
    const commit = commits.get(oid);
    if (!commit) continue;
    commit.author = { ...commit.author, account: null };
    commit.committer = { ...commit.committer, account: null };
  }
}
