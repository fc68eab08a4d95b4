import { describe, expect, it } from "vitest";
import type { Deployment, DeploymentStatus, Seen } from "../../../../src/model/entity.ts";
import { onceProduction } from "../../../../src/store/dossiers/production.ts";
import { base, deployment, merged, seen, t } from "../../attributes/dossiers.ts";

const status = (at: number, environment?: string, state: DeploymentStatus["state"] = "success") =>
  seen<DeploymentStatus>({
    type: "deploymentStatus",
    ...base(`status/${at}`),
    deployment: "9",
    state,
    ...(environment === undefined ? {} : { environment }),
    createdAt: t(at),
    creator: null,
    run: null,
  });
const found = (more: Partial<Deployment>, ...statuses: Seen<DeploymentStatus>[]) =>
  onceProduction(["production"], deployment("9", merged, more), statuses).map((one) => ({
    environment: one.deployment.environment,
    succeededAt: one.succeededAt,
    nowIn: one.nowIn,
  }));

describe("a deployment is production's", () => {
  it("in whatever case its environment is written", () => {
    expect(found({ environment: "Production" }, status(75))).toEqual([
      { environment: "production", succeededAt: t(75), nowIn: undefined },
    ]);
  });

  it("by what it was made for, wherever a status files it later, and that is told", () => {
    const moved = { environment: "staging", originalEnvironment: "PRODUCTION" };
    expect(found(moved, status(75, "staging"))).toEqual([
      { environment: "production", succeededAt: t(75), nowIn: "staging" },
    ]);
  });

  it("from the status on that took it there, though another took it away again", () => {
    const passing = { environment: "staging", originalEnvironment: "staging" };
    const through = [status(90, "staging"), status(80, "production", "running"), status(75, "staging")];
    expect(found(passing, ...through, status(85, "production"))).toEqual([
      { environment: "production", succeededAt: t(85), nowIn: "staging" },
    ]);
  });

  it("never by another environment's name", () => {
    expect(found({ environment: "production-eu", originalEnvironment: "staging" }, status(75, "staging"))).toEqual([]);
  });
});
