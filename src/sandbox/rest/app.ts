import { time } from "../graphql/context.ts";
import { type Answer, ok, type RestRequest } from "./answer.ts";

const PERMISSIONS = {
  metadata: "read",
  contents: "read",
  pull_requests: "read",
  checks: "read",
  statuses: "read",
  deployments: "read",
  issues: "read",
  administration: "read",
  actions: "read",
  vulnerability_alerts: "read",
  security_events: "read",
  secret_scanning_alerts: "read",
  organization_administration: "read",
};

/** The app that reads. */
export function app(): Answer {
  return ok({ id: 990001, slug: "flowproof-reader", name: "flowproof reader", permissions: PERMISSIONS });
}

/** A token for an installation, good from now on. */
export function installationToken(request: RestRequest, installation: string): Answer {
  const token = `ghs_${Buffer.from(`sandbox-installation-${installation}`).toString("hex").padEnd(36, "0")}`;
  request.issue(token);
  const expires = new Date(request.now.getTime() + 3_600_000);
  return {
    status: 201,
    body: { token, expires_at: time(expires.getTime()), permissions: PERMISSIONS, repository_selection: "all" },
  };
}
