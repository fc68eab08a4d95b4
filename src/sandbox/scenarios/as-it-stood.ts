import type { PullRequest } from "../world.ts";
import { event } from "./acts.ts";
import { deploy } from "./pipeline.ts";
import { BYPASSED, DEPLOYED, DESCRIBED, LINKED, type Scenario, UNAPPROVED } from "./scenario.ts";
import { headOf, type Stage, wait } from "./stage.ts";
import { open } from "./story.ts";

/** What was looked at later than it happened, or goes by another name by then. */
export const AS_IT_STOOD: readonly Scenario[] = [
  {
    name: "base-changed-by-the-platform",
    covers: [9],
    title: "The platform itself moves an approved change to main, when the branch below it is merged and deleted",
    play: (stage) => {
      const story = open(stage, "ines-r", { base: "stacked-1" }).approve("farid-k").wait(5);
      const [by, moved] = [stage.cast.account("ines-r"), { from: "stacked-1", to: "main" }];
      event(stage, story.change, "AutomaticBaseChangeSucceededEvent", by, moved);
      Object.assign(story.change, { baseRefName: "main", baseRefOid: headOf(stage) });
      story.merge("ines-r");
    },
    expect: { change: UNAPPROVED },
    because: "Nobody approved the change against this branch, whoever changed it.",
  },
  {
    name: "linked-and-described-later",
    covers: ["linked and described after the merge"],
    title: "A change is described and linked to a request after a look had found neither",
    play: (stage) => {
      const story = open(stage, "ines-r");
      const { body, issues } = story.change;
      edit(stage, story.change, { body: "", issues: [] });
      story.approve("farid-k").merge("ines-r");
      stage.later.push(() => edit(stage, story.change, { body, issues }));
    },
    expect: { change: { [LINKED]: "fail", [DESCRIBED]: "fail" } },
    says: [
      { of: "change", attribute: LINKED, text: "which found no link" },
      { of: "change", attribute: DESCRIBED, text: "It was edited after the merge." },
    ],
    because: "What a look after the merge did not find was not there at the merge.",
  },
  {
    name: "described-again-later",
    covers: ["linked and described after the merge"],
    title: "The description is improved after a look had read it",
    play: (stage) => {
      const { change } = open(stage, "ines-r").approve("farid-k").merge("ines-r");
      stage.later.push(() => edit(stage, change, { body: `${change.body}\n\nSeen to work.` }));
    },
    expect: {},
    because: "The first look read it as it was at the merge.",
  },
  {
    name: "described-before-any-look",
    covers: ["linked and described after the merge"],
    title: "A change is described and linked after its merge, before anybody looks",
    play: (stage) => {
      const story = open(stage, "ines-r");
      const { body, issues } = story.change;
      edit(stage, story.change, { body: "", issues: [] });
      story.approve("farid-k").merge("ines-r");
      wait(stage, 60);
      edit(stage, story.change, { body, issues });
    },
    expect: { change: { [LINKED]: "notVerifiable", [DESCRIBED]: "notVerifiable" } },
    because: "Its description was edited after the merge, and what it said before nobody had read.",
  },
  {
    name: "linked-by-hand-later",
    covers: ["linked and described after the merge"],
    title: "A request is linked by hand after the merge, before anybody looks",
    play: (stage) => {
      const story = open(stage, "ines-r");
      const { issues } = story.change;
      edit(stage, story.change, { body: "Why: it goes wrong under load.", issues: [] });
      story.approve("farid-k").merge("ines-r").wait(60);
      const to = String(issues[0]);
      event(stage, story.change, "ConnectedEvent", stage.cast.account("ines-r"), { to });
      Object.assign(story.change, { issues, updatedAt: stage.now });
    },
    expect: { change: { [LINKED]: "fail" } },
    says: [{ of: "change", attribute: LINKED, text: "linked only at" }],
    because: "The platform recorded when the link was made.",
  },
  {
    name: "bots-change-with-a-persons-commit",
    covers: [24, "a person's commit in a bot's change"],
    title: "A developer pushes her own commit onto a bot's change, which is linked to no request",
    play: (stage) => {
      const story = open(stage, "dependabot", { signed: true });
      Object.assign(story.change, { issues: [] });
      story.push("ines-r").approve("farid-k").merge("ines-r");
    },
    expect: { change: { [LINKED]: "fail" } },
    because: "The exemption is for what the bot made alone, and is refused.",
  },
  {
    name: "production-spelt-otherwise",
    covers: ["production under another name"],
    title: "An unapproved change is deployed to Production, where the configuration says production",
    play: (stage) => {
      open(stage, "ines-r").merge("viktor-a", { bypass: true });
      deploy(stage);
      Object.assign(stage.repository.deployments.at(-1) ?? {}, { environment: "Production" });
    },
    expect: { change: { ...UNAPPROVED, ...BYPASSED }, deployment: { [DEPLOYED]: "fail" } },
    because: "Case does not tell environments apart.",
  },
  {
    name: "deployment-filed-elsewhere-later",
    covers: ["production under another name"],
    title: "A status files a deployment of an unapproved change under staging before anybody looks",
    play: (stage) => {
      open(stage, "ines-r").merge("viktor-a", { bypass: true });
      deploy(stage);
      const made = stage.repository.deployments.at(-1);
      if (!made) return;
      const statuses = made.statuses.map((status) => ({ ...status, environment: "production" }));
      const [id, at, creator] = [stage.nextId(), wait(stage), stage.cast.account("ines-r")];
      statuses.push({ id, state: "INACTIVE", at, creator, run: null, environment: "staging" });
      Object.assign(made, { originalEnvironment: "production", environment: "staging", statuses, updatedAt: at });
    },
    expect: { change: { ...UNAPPROVED, ...BYPASSED }, deployment: { [DEPLOYED]: "fail" } },
    because: "It was made for production, and succeeded there.",
  },
  {
    name: "outside-every-path",
    covers: ["outside every system's paths"],
    title: "An unapproved change of a shared repository touches what is no system's",
    own: { bypassable: true, paths: ["services/a/**"] },
    play: (stage) => {
      open(stage, "ines-r", { files: ["deploy/production.yml"] }).merge("viktor-a", { bypass: true });
    },
    expect: {
      change: { ...UNAPPROVED, ...BYPASSED },
      configuration: { "rules-bind-administrators": "fail" },
    },
    because: "What no system claims concerns all that share the repository.",
  },
  {
    name: "waiver-names-the-repository",
    covers: ["a waiver of one repository's change"],
    title: "A waiver for all systems names the repository whose change it accepts",
    own: {
      approvals: 0,
      waiver:
        '{ id: W-3, attribute: approved-by-someone-independent, systems: ["*"], items: ["proving-ground/waiver-names-the-repository#4"], owner: Head of Engineering, reason: Nobody else knows the part yet, from: 2026-10-01, expires: 2026-12-31 }',
    },
    play: (stage) => open(stage, "ines-r").merge("ines-r"),
    expect: { change: UNAPPROVED },
    told: [{ by: "rules", text: "waiver W-3 accepts approved-by-someone-independent of #4" }],
    because: "Other repositories have a change of that number too, which nobody accepted.",
  },
];

/** Edits a change's text now; before its merge it is as if it had been so from the start. */
function edit(stage: Stage, change: PullRequest, more: Partial<Pick<PullRequest, "body" | "issues">>): void {
  const edited = change.mergedAt === null ? {} : { lastEditedAt: stage.now };
  Object.assign(change, { ...more, ...edited, updatedAt: stage.now });
}
