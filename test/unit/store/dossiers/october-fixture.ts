import type { Entity, Seen } from "../../../../src/model/entity.ts";
import { identityMap } from "../../../../src/model/identity.ts";
import type { DossierRequest, ScopedRepository } from "../../../../src/store/dossiers/index.ts";
import { t } from "../../attributes/dossiers.ts";

/** The one repository of these tests and its October, as the providers' entities and as a request for its dossiers. */
export const repository = "github/1";
export const period = { from: "2026-10-01T00:00:00Z", to: "2026-11-01T00:00:00Z" };

export const base = (key: string) => ({ key: `${repository}${key}`, repository });
export const bare = <T extends Entity>({ record: _, ...entity }: Seen<T>): Entity => entity as unknown as Entity;
export const graphCommit = (oid: string, parents: string[] = [], tree = oid): Entity => ({
  type: "graphCommit",
  ...base(`@${oid}`),
  oid,
  parents,
  tree,
  changes: [],
});
export const headAt = (oid: string, observedAt: string): Entity => ({
  type: "branchHead",
  ...base(`/heads/main/${oid}`),
  branch: "main",
  oid,
  observedAt,
});

interface Said {
  readonly state?: "success" | "failure" | "running";
  readonly createdAt?: string;
  readonly run?: string | null;
}
export const status = (of: string, { state = "success", createdAt = t(90), run = null }: Said = {}): Entity => ({
  type: "deploymentStatus",
  ...base(`/deployments/${of}/${state}`),
  deployment: `${repository}/deployments/${of}`,
  state,
  createdAt,
  creator: null,
  run,
});

export const wholeUntil = (to: string) => ({ status: "complete", from: "2026-09-01T00:00:00Z", to }) as const;

export const requestFor = (scope: Partial<ScopedRepository> = {}): DossierRequest => ({
  repositories: [
    {
      system: "payments",
      team: "checkout",
      source: "github",
      key: repository,
      name: "riverbank/payments",
      url: "",
      branch: "main",
      environments: ["production"],
      paths: [],
      ...scope,
    },
  ],
  ...period,
  asOf: "2026-11-03T00:00:00Z",
  identities: identityMap([]),
});
