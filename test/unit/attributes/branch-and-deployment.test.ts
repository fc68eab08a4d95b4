import { describe, expect, it } from "vitest";
import { arrivedByChange } from "../../../src/attributes/arrived-by-change.ts";
import { branchProtected as L } from "../../../src/attributes/branch-protected.ts";
import { deployedAsApproved as G } from "../../../src/attributes/deployed-as-approved.ts";
import { deployedByAuthorisedIdentity as H } from "../../../src/attributes/deployed-by-authorised-identity.ts";
import { fallBackPossible as K } from "../../../src/attributes/fall-back-possible.ts";
import type { Outcome } from "../../../src/model/attribute.ts";
import type { CommitDossier, DeploymentDossier, RulesAt } from "../../../src/model/dossier.ts";
import {
  actor,
  changeDossier,
  commit,
  commitDossier,
  configurationDossier,
  deployment,
  deploymentDossier,
  head,
  merged,
  older,
  review,
  rule,
  rulesAt,
  t,
  verdict,
} from "./dossiers.ts";
import { labelled } from "./platform-records.ts";

describe("a commit on the branch", () => {
  const pushed = {
    commit: commit(older, "cara", { headline: "Merge pull request #1 from riverbank/quick-fix" }),
    reached: { from: t(0), to: t(30), exact: false },
  };
  it.each<[string, CommitDossier, Outcome, RegExp]>([
    ["put there by a change", commitDossier(changeDossier()), "pass", /by change #12, merged by ada \(100\)/],
    [
      "18: one of several that a rebase put there",
      commitDossier(changeDossier(), { oid: older }),
      "pass",
      /bbbbbbbb reached the branch by change #12/,
    ],
    [
      "16: pushed under a merge's title",
      commitDossier(undefined, pushed),
      "fail",
      /\("Merge pull request #1 from riverbank\/quick-fix"\) reached the branch between .* by no merged change/,
    ],
    [
      "associated with a change that did not put it there",
      commitDossier(undefined, { ...pushed, associated: [changeDossier().change] }),
      "fail",
      /associates it with #12, which did not/,
    ],
    [
      "put there by a change and pushed away since",
      commitDossier(changeDossier(), { rewritten: { head: older, seenAt: t(70), now: head, goneAt: t(80) } }),
      "fail",
      /was on the branch at .* \(head bbbbbbbb\) and was pushed away: the branch now leads to aaaaaaaa.* #12/,
    ],
    [
      "of a change that was merged to another branch",
      commitDossier(changeDossier(), { otherBase: "side-branch" }),
      "notVerifiable",
      /#12, which was merged to side-branch: it is not shown/,
    ],
    [
      "of a branch that was not read whole",
      commitDossier(undefined, { gaps: { changes: "page 7 unread" } }),
      "notVerifiable",
      /page 7 unread/,
    ],
  ])("%s", (_name, dossier, outcome, says) => {
    const answer = verdict(arrivedByChange, dossier);
    expect(answer.outcome).toBe(outcome);
    expect(answer.message).toMatch(says);
    expect(answer.evidence).toContain(dossier.graph.record);
  });
});

const self = changeDossier({ change: { number: 13 }, reviews: [review("ada", 30)] });
const stale = changeDossier({
  change: { number: 14 },
  commits: [commit(older), commit(head)],
  reviews: [review("ben", 10, { oid: older })],
});
const unread = changeDossier({ change: { number: 15 }, gaps: { reviews: "403" } });
const waiting = changeDossier({
  change: { number: 16 },
  events: [labelled("emergency", 5)],
  reviews: [],
  evidenceUntil: t(100),
});
const answered = changeDossier({
  change: { number: 18 },
  events: [labelled("emergency", 5)],
  reviews: [review("ben", 180)],
});
const twice = changeDossier({ reviews: [review("ben", 30), review("cara", 180)] });
const byBot = changeDossier({
  change: { author: actor("release-bot") },
  commits: [commit(head, "release-bot", { madeBy: "platform" })],
  reviews: [review("cara", 180)],
});
const direct = {
  oid: older,
  headline: "Open the port",
  record: 9,
  reached: { from: t(0), to: t(30) },
  change: undefined,
};

describe("a deployment", () => {
  it.each<[string, DeploymentDossier, Outcome, RegExp]>([
    ["of approved changes", deploymentDossier(), "pass", /brought 1 commit by #12, each approved/],
    [
      "of a change nobody else approved",
      deploymentDossier([changeDossier(), self]),
      "fail",
      /#13, which was not approved as policy asks \(C\)/,
    ],
    ["of a change approved in an older revision", deploymentDossier([stale]), "fail", /#14.*\(D\)/],
    [
      "of a commit without a change",
      deploymentDossier([], { brought: [direct] }),
      "fail",
      /commit bbbbbbbb, which no merged change explains/,
    ],
    [
      "of a change whose reviews were not read",
      deploymentDossier([unread]),
      "notVerifiable",
      /#15, whose approval is not verifiable/,
    ],
    ["of a failing and an unread change", deploymentDossier([unread, self]), "fail", /#13/],
    [
      "of a change that was approved and merged only after it",
      deploymentDossier([changeDossier()], { succeededAt: t(20) }),
      "fail",
      /#12, which reached the released branch only at 2026-10-05T10:00:00Z, after the deployment succeeded at 2026-10-05T09:20:00Z/,
    ],
    [
      "of a change that was merged to another branch",
      deploymentDossier([changeDossier({ otherBase: "dev" })]),
      "notVerifiable",
      /#12, which was merged to dev and is not shown to have reached the released branch/,
    ],
    [
      "of an unapproved change that was merged to another branch",
      deploymentDossier([{ ...self, otherBase: "dev" }]),
      "fail",
      /#13, which was not approved/,
    ],
    [
      "of a commit that two changes brought, one of them unapproved",
      deploymentDossier([changeDossier({ change: { number: 17 } }), self]),
      "fail",
      /brought #13, which was not approved as policy asks/,
    ],
    [
      "of a commit that two changes brought, both approved",
      deploymentDossier([changeDossier({ change: { number: 17 } }), changeDossier()]),
      "pass",
      /brought 1 commit by #17 and #12, each approved/,
    ],
    [
      "back to an unapproved version that never ran before",
      deploymentDossier([], { brought: [], standsAt: deploymentDossier([self]).brought ?? [] }),
      "fail",
      /went back to #13, which was not approved as policy asks \(C\)/,
    ],
    [
      "back to an approved version that never ran before",
      deploymentDossier([], { brought: [], standsAt: deploymentDossier().brought ?? [] }),
      "pass",
      /brought no commit that was not deployed before; its own came by #12, approved as policy asks/,
    ],
    [
      "25: of a commit off the branch",
      deploymentDossier([], { onBranch: false, brought: undefined }),
      "fail",
      /not on the released branch/,
    ],
    [
      "of a commit that cannot be placed",
      deploymentDossier([], { onBranch: undefined, brought: undefined }),
      "notVerifiable",
      /do not reach it/,
    ],
    [
      "of an ancestor that was never the tip",
      deploymentDossier([], { onBranch: undefined, offLine: true, brought: undefined }),
      "notVerifiable",
      /is an ancestor of the released branch but was never its tip/,
    ],
    [
      "with an unknown start",
      deploymentDossier([], { brought: undefined }),
      "notVerifiable",
      /where the deployment before it stood is not known/,
    ],
    [
      "of a version that had run before",
      deploymentDossier([], { deployedBefore: deployment("70"), brought: undefined }),
      "notApplicable",
      /judged with deployment 70.*nothing new came with it/,
    ],
    [
      "of a version off the branch that had run before",
      deploymentDossier([], { deployedBefore: deployment("70"), onBranch: false }),
      "fail",
      /not on the released branch/,
    ],
    [
      "where deployments were not read whole",
      deploymentDossier([self], { gaps: { deployments: "503" } }),
      "notVerifiable",
      /503/,
    ],
  ])("%s", (_name, dossier, outcome, says) => {
    const answer = verdict(G, dossier);
    expect(answer.outcome).toBe(outcome);
    expect(answer.message).toMatch(says);
    expect(answer.evidence).toContain(dossier.deployment.record);
  });

  it("of an emergency under review says when that is due", () => {
    expect(verdict(G, deploymentDossier([waiting]))).toMatchObject({ outcome: "notVerifiable", due: t(60 + 24 * 60) });
    expect(verdict(G, deploymentDossier([waiting, unread])).due).toBeUndefined();
  });

  it("of an emergency approved only after it ran says when, with the review", () => {
    const found = verdict(G, deploymentDossier([changeDossier(), answered]));
    expect(found.outcome).toBe("pass");
    expect(found.message).toContain(
      `brought 1 commit by #12 and #18, each approved as policy asks, #18 only at ${t(180)}, after it ran, within the time policy allows.`,
    );
    expect(found.evidence).toContain(answered.reviews[0]?.record);
  });

  it.each<[string, DeploymentDossier, object]>([
    ["a change approved at the merge and once more after it ran", deploymentDossier([twice]), {}],
    ["an emergency approved before it ran", deploymentDossier([answered], { succeededAt: t(200) }), {}],
    [
      "what policy asks no approval of",
      deploymentDossier([byBot]),
      { automation: [{ account: "github:release-bot", approval: "none", checks: "required" }] },
    ],
  ])("says nothing of a later approval of %s", (_which, dossier, policy) => {
    const found = verdict(G, dossier, policy);
    expect(found.outcome).toBe("pass");
    expect(found.message).not.toContain("only at");
  });

  it("names what policy lets be approved afterwards, as it names an emergency", () => {
    const later = changeDossier({ change: { number: 19 }, reviews: [review("ben", 180)] });
    const policy = { approval: { retrospectiveWithin: "24h" } };
    expect(verdict(G, deploymentDossier([later]), policy).message).toContain(`#19 only at ${t(180)}, after it ran`);
    const back = deploymentDossier([], { brought: [], standsAt: deploymentDossier([later]).brought ?? [] });
    expect(verdict(G, back, policy).message).toContain(
      `its own came by #19, approved as policy asks, #19 only at ${t(180)}, after it ran`,
    );
  });

  const by = (login: string | null, kind?: "person" | "automation" | "unknown") =>
    deploymentDossier([], {
      deployment: deployment("91", merged, { creator: login === null ? null : actor(login, kind) }),
    });
  it.each<[string, DeploymentDossier, Outcome, string[]]>([
    ["by automation", by("release-bot"), "pass", []],
    ["by automation the organisation declares", by("release-bot", "person"), "pass", []],
    ["26: by a person through the API", by("cara"), "fail", []],
    ["by a person policy names", by("cara"), "pass", ["github:cara"]],
    ["by automation policy does not name", by("dependabot"), "fail", ["github:release-bot"]],
    ["by a deleted account", by(null), "notVerifiable", []],
    ["by an account of an unknown kind", by("ghostly", "unknown"), "notVerifiable", []],
  ])("%s", (_name, dossier, outcome, deployers) => {
    expect(verdict(H, dossier, { deployers }).outcome).toBe(outcome);
  });

  const ofJob = (starter: string | null) =>
    deploymentDossier([], {
      deployment: deployment("92", merged, {
        creator: starter === null ? null : actor(starter),
        origin: {
          from: "workflow",
          stream: "s",
          workflow: "deploy.yml",
          job: "prod",
          automation: "github-actions",
          tree: null,
        },
      }),
    });
  it.each<[string, DeploymentDossier, Outcome, string[], RegExp]>([
    [
      "by a job, whoever started it",
      ofJob("cara"),
      "pass",
      [],
      /The job prod of deploy\.yml, .* started by cara \(102\)/,
    ],
    [
      "by a job whose account policy names",
      ofJob("cara"),
      "pass",
      ["github:github-actions"],
      /names github:github-act/,
    ],
    ["by a job whose starter policy names", ofJob("cara"), "pass", ["github:cara"], /names github:cara/],
    ["by a job where policy names another", ofJob("cara"), "fail", ["github:release-bot"], /only github:release-bot/],
    ["by a job whose starter may be named", ofJob(null), "notVerifiable", ["github:cara"], /starter is not on record/],
  ])("%s", (_name, dossier, outcome, deployers, says) => {
    const answer = verdict(H, dossier, { deployers });
    expect(answer.outcome).toBe(outcome);
    expect(answer.message).toMatch(says);
  });

  const ofList = (login: string) =>
    deploymentDossier([changeDossier()], {
      deployment: deployment("93", merged, {
        creator: { id: "", login, kind: "unknown" },
        origin: { from: "import", stream: "s" },
      }),
    });
  it.each<[string, string, Outcome, string[]]>([
    ["an automation the organisation declares", "github:release-bot", "pass", []],
    ["a person the organisation declares", "github:ada-admin", "fail", []],
    ["an account of its own", "argo", "notVerifiable", []],
    // A name in a list is nobody's account at the source.
    ["a name as an automation has at the source", "release-bot", "notVerifiable", []],
    ["an account that policy names", "github:release-bot", "pass", ["github:release-bot"]],
    ["an account that policy does not name", "github:argo", "fail", ["github:release-bot"]],
    ["a name without its source, where policy names accounts of one", "argo", "notVerifiable", ["github:argo"]],
    ["a cluster's name with colons", "system:serviceaccount:argo", "notVerifiable", ["github:argo"]],
    ["the cluster's own account, declared", "argocd", "pass", []],
    ["the cluster's own account that policy names", "argo", "pass", ["github:cara", "import:argo"]],
    ["the cluster's own account, declared, where policy names another", "argocd", "fail", ["github:release-bot"]],
    ["another account of the cluster than policy names", "flux", "fail", ["import:argo"]],
  ])("that a list says to be by %s, is said to be self-reported", (_name, login, outcome, deployers) => {
    const answer = verdict(H, ofList(login), { deployers });
    expect(answer.outcome).toBe(outcome);
    expect(answer.message).toContain("(self-reported by import)");
    expect(answer.message).toContain(`${login} made deployment 93`);
    expect(verdict(G, ofList(login))).toMatchObject({
      outcome: "pass",
      message: expect.stringContaining("(self-reported by import)"),
    });
  });

  it.each<[string, DeploymentDossier, Outcome]>([
    ["after another version", deploymentDossier(), "pass"],
    ["the first there", deploymentDossier([], { previous: undefined, fallBack: undefined }), "notApplicable"],
    [
      "the first that was seen",
      deploymentDossier([], { previous: undefined, fallBack: undefined, brought: undefined }),
      "notVerifiable",
    ],
    [
      "a repetition of all there was",
      deploymentDossier([], { previous: deployment("80"), fallBack: undefined }),
      "notApplicable",
    ],
    ["after one that is off the branch", deploymentDossier([], { fallBack: undefined }), "notVerifiable"],
  ])("can fall back: %s", (_name, dossier, outcome) => {
    expect(verdict(K, dossier).outcome).toBe(outcome);
  });
});

describe("the branch's rules", () => {
  const unseen: RulesAt = { known: false, reason: "nobody looked" };
  it.each<[string, RulesAt[], Outcome, RegExp]>([
    ["active throughout", [rulesAt(rule())], "pass", /main was guarded from .* by main is guarded/],
    ["13: off for a while", [rulesAt(rule()), rulesAt(), rulesAt(rule())], "fail", /no active rule guarded the branch/],
    ["13: unobserved for a while", [rulesAt(rule()), unseen], "notVerifiable", /nobody looked/],
    ["13: off for a while and unobserved for another", [rulesAt(), unseen], "fail", /no active rule/],
    ["14: only evaluating", [rulesAt(rule({ enforcement: "evaluate" }))], "fail", /no active rule/],
    ["14: for other branches only", [rulesAt(rule({ appliesToReleasedBranch: false }))], "fail", /no active rule/],
    ["15: force pushes allowed", [rulesAt(rule({ forcePushBlocked: false }))], "fail", /rewritten by force/],
    [
      "14: administrators exempt is told",
      [rulesAt(rule({ bypass: ["administrators"] }))],
      "pass",
      /administrators may bypass the rules/,
    ],
    ["no approval demanded is told", [rulesAt(rule({ approvals: 0 }))], "pass", /demand no approval/],
    ["never observed", [], "notVerifiable", /not observed at all/],
  ])("%s", (_name, rules, outcome, says) => {
    const answer = verdict(L, configurationDossier(...rules));
    expect(answer.outcome).toBe(outcome);
    expect(answer.message).toMatch(says);
  });

  it("41: that could not be read are no finding", () => {
    expect(
      verdict(L, { ...configurationDossier(rulesAt()), gaps: { protection: "403: needs administration:read" } })
        .outcome,
    ).toBe("notVerifiable");
  });
});
