import { describe, expect, it } from "vitest";
import { deliveryMetrics } from "../../../src/flow/index.ts";
import type { DeploymentDossier } from "../../../src/model/dossier.ts";
import {
  changeDossier,
  commit,
  deployment,
  deploymentDossier,
  head,
  merged,
  older,
  t,
} from "../attributes/dossiers.ts";

const period = { from: "2026-10-05T00:00:00Z", to: "2026-10-15T00:00:00Z" };
/** A change whose work began at `began`, deployed at `at`, in minutes after 09:00. */
const deployed = (number: number, began: number, at: number): DeploymentDossier => {
  const key = `github/1#${number}`;
  const change = changeDossier({
    commits: [commit(head, "ada", { committedAt: t(began) })],
    change: { number, createdAt: t(began) },
  });
  return deploymentDossier([{ ...change, key }], {
    deployment: deployment(String(number), String(number).repeat(40)),
    succeededAt: t(at),
  });
};
const measured = (...deployments: DeploymentDossier[]) => deliveryMetrics("payments", deployments, period);

describe("delivery metrics", () => {
  it("give frequency, and lead time as median and p90 by nearest rank, in seconds", () => {
    const ten = Array.from({ length: 10 }, (_, index) => deployed(index + 1, 0, 60 + (index + 1) * 10));
    expect(measured(...ten)).toEqual({
      system: "payments",
      deployments: 10,
      perDay: 1,
      leadTimeMedian: 110 * 60,
      leadTimeP90: 150 * 60,
      fallBacks: 0,
    });
  });

  it("count a change once, at its first deployment, and a repetition of the version before not at all", () => {
    const first = deployed(1, 0, 60);
    const again = { ...deployed(1, 0, 600), previous: first.deployment, deployment: { ...first.deployment, id: "2" } };
    expect(measured(again, first)).toMatchObject({ deployments: 1, leadTimeMedian: 3600 });
  });

  it("count falling back", () => {
    const back = deploymentDossier([], {
      deployment: deployment("3", older),
      previous: deployment("2", merged),
      deployedBefore: deployment("1", older),
      succeededAt: t(90),
    });
    expect(measured(deployed(1, 0, 60), back)).toMatchObject({ deployments: 2, fallBacks: 1 });
  });

  it("do not believe a commit dated after its merge", () => {
    const late = changeDossier({ commits: [commit(head, "ada", { committedAt: t(9999) })] });
    expect(measured(deploymentDossier([late], { succeededAt: t(75) })).leadTimeMedian).toBe(75 * 60);
  });

  it("leave out other systems and other times, and invent nothing", () => {
    const none = { deployments: 0, perDay: 0, leadTimeMedian: null, leadTimeP90: null, fallBacks: 0 };
    expect(deliveryMetrics("search", [deployed(1, 0, 60)], period)).toEqual({ system: "search", ...none });
    expect(measured(deployed(1, 0, 60 * 24 * 20))).toEqual({ system: "payments", ...none });
  });
});
