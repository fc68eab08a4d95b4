import type { StreamKind } from "../../../model/stream.ts";

/** What a kind of evidence takes: permissions of an app or a fine-grained token, and scopes of a classic one. */
export interface Needed {
  readonly permissions: readonly string[];
  /** Any one of them suffices. */
  readonly scopes: readonly string[];
  /** What else it takes. */
  readonly besides?: string;
}

/**
 * The permissions that further kinds take.
 * @see https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
 */
export const neededFurther: Readonly<Partial<Record<StreamKind, Needed>>> = {
  branchActivity: { permissions: ["contents"], scopes: ["repo"] },
  ruleSuites: {
    permissions: ["administration"],
    scopes: ["repo"],
    besides: "some servers want it to be able to write, as they do of a classic token's owner",
  },
  ruleVersions: {
    permissions: ["administration"],
    scopes: ["repo"],
    besides:
      "its history, and who may bypass it, some servers show only to who may change it, which a credential that reads should not",
  },
  environments: { permissions: ["actions"], scopes: ["repo"] },
  pipelineRuns: { permissions: ["actions"], scopes: ["repo"] },
  access: {
    permissions: ["administration", "metadata"],
    scopes: ["repo"],
    besides: "collaborators are shown only to who may push, teams and workflow permissions only to administrators",
  },
  auditLog: {
    permissions: ["organization_administration"],
    scopes: ["read:audit_log", "admin:org"],
    besides: "only GitHub Enterprise has it",
  },
  releases: { permissions: ["contents"], scopes: ["repo"] },
  alerts: {
    permissions: ["vulnerability_alerts", "security_events", "secret_scanning_alerts"],
    scopes: ["security_events", "repo"],
    besides: "each kind of alert has to be switched on in the repository",
  },
};

/** A sentence part that names what would make a kind readable. */
export function permissionText(kind: StreamKind): string {
  const { permissions = [], scopes = [], besides } = neededFurther[kind] ?? {};
  const classic = scopes.length > 0 ? ` (a classic token: the scope ${scopes.join(" or ")})` : "";
  return `it takes ${permissions.map((name) => `${name}:read`).join(", ")}${classic}${besides === undefined ? "" : `; ${besides}`}`;
}
