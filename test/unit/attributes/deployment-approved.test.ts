import { describe, expect, it } from "vitest";
import { deployedAsApproved as G } from "../../../src/attributes/deployed-as-approved.ts";
import { deploymentApproved as M } from "../../../src/attributes/deployment-approved.ts";
import type { Outcome } from "../../../src/model/attribute.ts";
import type { DeploymentDossier } from "../../../src/model/dossier.ts";
import { changeDossier, deployment, deploymentDossier, merged, older, t, verdict } from "./dossiers.ts";
import { deploymentApproval, environment, run, tag } from "./platform-records.ts";

/** A deployment of a gated system, started by ada and approved by cara. */
const gated = (fields: Partial<DeploymentDossier> = {}): DeploymentDossier =>
  deploymentDossier([changeDossier()], {
    profile: "gated",
    run: run("ada", "push", { branch: "main", oid: merged }),
    environment: environment(),
    approvals: [deploymentApproval("cara")],
    ...fields,
  });

describe("a deployment of a gated system", () => {
  it.each<[string, DeploymentDossier, Outcome, RegExp]>([
    ["approved by somebody else", gated(), "pass", /cara \(102\) approved deployment 90 .* ada \(100\) had started it/],
    [
      "approved by who started it",
      gated({ approvals: [deploymentApproval("ada")] }),
      "fail",
      /Only ada \(100\) approved/,
    ],
    [
      "approved from the starter's second account",
      gated({ approvals: [deploymentApproval("ada-admin")] }),
      "fail",
      /Only ada-admin/,
    ],
    [
      "approved by who started it again",
      gated({ run: run("ada", "push", { attempt: 2, startedBy: run("cara", "push").by }) }),
      "fail",
      /Only cara/,
    ],
    ["approved by automation", gated({ approvals: [deploymentApproval("release-bot")] }), "fail", /automation, cannot/],
    [
      "approved by the starter and by somebody else",
      gated({ approvals: [deploymentApproval("ada"), deploymentApproval("cara")] }),
      "pass",
      /cara/,
    ],
    ["rejected only", gated({ approvals: [deploymentApproval("cara", "rejected")] }), "fail", /Nobody approved/],
    ["approved by nobody", gated({ approvals: [] }), "fail", /Nobody approved .*ada \(100\) started it/],
    [
      "approved by a deleted account",
      gated({ approvals: [deploymentApproval(null)] }),
      "notVerifiable",
      /cannot be said/,
    ],
    [
      "approved in a word nobody knows",
      gated({ approvals: [deploymentApproval("cara", "unknown")] }),
      "notVerifiable",
      /cannot be said/,
    ],
    [
      "started by a deleted account",
      gated({ run: run(null, "push") }),
      "notVerifiable",
      /who started it is not on record/,
    ],
    ["by a run nobody recorded", gated({ run: undefined, approvals: [] }), "notVerifiable", /Which pipeline run made/],
    [
      "where nobody had to approve",
      gated({ environment: environment({ reviewers: [] }) }),
      "fail",
      /demanded nobody's approval/,
    ],
    [
      "where the starter could approve",
      gated({ environment: environment({ selfApprovalPrevented: false }) }),
      "fail",
      /let whoever started/,
    ],
    [
      "where that is not readable",
      gated({ environment: environment({ selfApprovalPrevented: null }) }),
      "notVerifiable",
      /is not readable/,
    ],
    [
      "before anybody looked at the environment",
      gated({ environment: undefined }),
      "notVerifiable",
      /nobody had looked yet/,
    ],
    ["whose runs were not read", gated({ gaps: { pipelineRuns: "403" } }), "notVerifiable", /pipeline runs \(403\)/],
  ])("%s", (_name, dossier, outcome, says) => {
    const answer = verdict(M, dossier);
    expect(answer.outcome).toBe(outcome);
    expect(answer.message).toMatch(says);
    expect(answer.evidence.length).toBeGreaterThan(0);
  });

  it("says where administrators may pass it by", () => {
    expect(verdict(M, gated({ environment: environment({ administratorsMayBypass: true }) })).message).toContain(
      "Administrators may pass the environment's rules by.",
    );
  });

  it("is no matter of a system that is delivered continuously", () => {
    expect(verdict(M, gated({ profile: "continuous", approvals: [], environment: undefined })).outcome).toBe(
      "notApplicable",
    );
    expect(verdict(M, deploymentDossier()).outcome).toBe("notApplicable");
  });

  it("is not tested where policy declares the system continuous, and reviewers and approvals there are told", () => {
    const named = environment();
    const declared = "Policy declares the system continuous, so this gate is not tested";
    const approved = verdict(M, gated({ profile: "continuous", environment: named }));
    expect(approved.outcome).toBe("notApplicable");
    expect(approved.message).toContain(
      `${declared}; its environment nevertheless names reviewers (${named.reviewers.join(" and ")}), as seen at ${named.observedAt}. cara (102) approved its pipeline run`,
    );
    expect(approved.evidence).toContain(named.record);
    expect(verdict(M, gated({ profile: "continuous", approvals: [] })).message).not.toContain("approved its");
    expect(verdict(M, deploymentDossier()).message).toBe(`${declared}.`);
  });
});

describe("27: a tag that was moved", () => {
  it("fails the deployment that it named, with both commits", () => {
    const own = deployment("90", merged, { ref: "v1" });
    const dossier = deploymentDossier([changeDossier()], {
      deployment: own,
      movedTag: [tag(merged, 70), tag(older, 900)],
    });
    const answer = verdict(G, dossier);
    expect(answer.outcome).toBe("fail");
    expect(answer.message).toContain(`was moved: cccccccc (seen at ${t(70)}) and bbbbbbbb (seen at ${t(900)})`);
    expect(answer.evidence).toEqual(expect.arrayContaining(dossier.movedTag.map(({ record }) => record)));
  });
});
