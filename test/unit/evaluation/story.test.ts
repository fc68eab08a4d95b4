import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluation/index.ts";
import type { BranchActivity, DeploymentStatus, Seen } from "../../../src/model/entity.ts";
import {
  actor,
  changeDossier,
  commit,
  commitDossier,
  deploymentDossier,
  dismissal,
  git,
  head,
  older,
  review,
  t,
} from "../attributes/dossiers.ts";
import { move, run } from "../attributes/platform-records.ts";
import { input } from "./input.ts";

const empty = { commits: [], changes: [], deployments: [], configuration: [] };
const assessed = (dossiers: Partial<ReturnType<typeof input>["dossiers"]>) =>
  evaluate(input({ dossiers: { ...empty, ...dossiers } }));

describe("a commit that no change explains", () => {
  const pushed = (author = git("ada")) =>
    assessed({
      commits: [
        commitDossier(undefined, {
          oid: older,
          commit: commit(older, "ada", { author }),
          reached: { from: t(61), to: t(65), exact: false },
        }),
      ],
    });

  it("is told by the interval in which it came, and its author is not said to have pushed it", () => {
    const { population, exceptions } = pushed();
    expect(population[0]).toMatchObject({
      at: t(65),
      notBefore: t(61),
      actor: "pusher not on record; git names ada (100)",
      account: "ada (100)",
    });
    expect(exceptions[0]).toMatchObject({ at: t(65), notBefore: t(61) });
    expect(exceptions[0]?.story).toContainEqual(
      expect.objectContaining({
        at: t(65),
        notBefore: t(61),
        text: `bbbbbbbb reached the branch between ${t(61)} and ${t(65)}; who pushed it is not on record.`,
      }),
    );
  });

  it("of whom only git knows a name has no account", () => {
    expect(pushed(git("ada", null)).population[0]).toMatchObject({
      actor: "pusher not on record; git names ada <ada@riverbank.example>",
      account: null,
    });
  });
});

it("a commit whose push the source recorded is told by its pusher and time, beside whom git names", () => {
  const move: Seen<BranchActivity> = {
    type: "branchActivity",
    key: "github/1/activity/9",
    repository: "github/1",
    id: "9",
    branch: "main",
    activity: "push",
    at: t(63),
    by: actor("cara"),
    before: null,
    after: older,
    record: 4711,
  };
  const reached = { from: t(63), to: t(63), exact: true };
  const { population, exceptions } = assessed({
    commits: [commitDossier(undefined, { oid: older, reached, activity: move })],
  });
  expect(population[0]).toMatchObject({ at: t(63), actor: "pushed by cara (102); git names ada (100)" });
  expect(population[0]?.notBefore).toBeUndefined();
  expect(exceptions[0]?.story).toContainEqual({
    at: t(63),
    text: `bbbbbbbb reached the branch at ${t(63)}, pushed by cara (102).`,
    record: 4711,
  });
});

it("a commit that its change put there at a known time has no interval", () => {
  const [item] = assessed({ commits: [commitDossier(changeDossier())] }).population;
  expect(item).toMatchObject({ at: t(60), actor: "ada (100)" });
  expect(item?.notBefore).toBeUndefined();
});

describe("a change's story", () => {
  const story = (fields: Parameters<typeof changeDossier>[0]) =>
    assessed({ changes: [changeDossier(fields)] }).exceptions[0]?.story.map(({ text }) => text);

  it("names whose review was dismissed, by whom, and what it had said", () => {
    const given = review("ben", 30, { state: "dismissed" });
    expect(story({ reviews: [given], dismissals: [dismissal(given, 40)] })).toContain(
      `cara (102) dismissed the review by ben (101), who had approved ${head.slice(0, 8)} at ${t(30)}.`,
    );
  });

  it("says where the dismissed review itself is missing", () => {
    const gone = review("ben", 30);
    expect(story({ reviews: [], dismissals: [dismissal(gone, 40)] })).toContain(
      "cara (102) dismissed a review that is not on record.",
    );
  });
});

describe("a deployment's story", () => {
  let records = 5000;
  const status = (state: DeploymentStatus["state"], at: number): Seen<DeploymentStatus> => ({
    type: "deploymentStatus",
    key: `github/1/deploymentStatuses/${++records}`,
    repository: "github/1",
    deployment: "github/1/deployments/90",
    state,
    createdAt: t(at),
    creator: actor("release-bot"),
    run: null,
    record: records,
  });
  const told = (...statuses: Seen<DeploymentStatus>[]) => {
    const unapproved = changeDossier({ reviews: [] });
    const { exceptions } = assessed({
      changes: [unapproved],
      deployments: [deploymentDossier([unapproved], { statuses })],
    });
    const own = exceptions.find(({ subject }) => subject === "deployment");
    return own?.story.filter(({ text }) => text.includes("became")).map(({ at, text }) => [at, text]);
  };

  it("tells each state once, when it began, whatever the source calls its steps", () => {
    expect(told(status("success", 75), status("running", 72), status("running", 71), status("inactive", 90))).toEqual([
      [t(71), "The deployment became queued or in progress."],
      [t(75), "The deployment became successful."],
      [t(90), "The deployment became inactive."],
    ]);
  });

  const own = (fields: Parameters<typeof deploymentDossier>[1]) =>
    assessed({
      deployments: [deploymentDossier([changeDossier({ reviews: [] })], { onBranch: false, brought: [], ...fields })],
    }).exceptions[0]?.story.map(({ text }) => text);

  it("tells who started its pipeline run, by what, and who started it again", () => {
    const first = run("ada", "workflow_dispatch", { branch: "hotfix", createdAt: t(70) });
    expect(own({ run: first })).toContain(
      `ada (100) started pipeline run ${first.id}, which made it (workflow_dispatch, on hotfix).`,
    );
    const again = { ...first, attempt: 2, startedBy: actor("cara") };
    expect(own({ run: again })?.join(" ")).toContain("cara (102) started its latest attempt, number 2.");
  });

  it("tells who pushed a commit that is off the branch, and nothing where that is not on record", () => {
    const pushes = [move("cara", 65, { branch: "hotfix", activity: "push", before: null, after: head })];
    const pushed = `cara (102) pushed ${head.slice(0, 8)} to hotfix.`;
    expect(own({ pushes })).toContain(pushed);
    expect(own({})?.join(" ")).not.toContain("pushed");
    expect(own({ pushes: [{ ...pushes[0], activity: "created" } as (typeof pushes)[0]] })).toContain(
      `cara (102) created hotfix at ${head.slice(0, 8)}.`,
    );
  });

  it("tells a state again that came back", () => {
    expect(told(status("failure", 71), status("running", 72), status("failure", 73))?.map(([at]) => at)).toEqual([
      t(71),
      t(72),
      t(73),
    ]);
  });
});
