import type { IdentityMap } from "../../model/identity.ts";

/** One repository as one system delivers it. */
export interface ScopedRepository {
  readonly system: string;
  readonly team: string;
  readonly source: string;
  /** The repository's key, `<source>/<id>`. */
  readonly key: string;
  readonly name: string;
  readonly url: string;
  /** The branch where changes land. */
  readonly branch: string;
  /** The branches a change is promoted through after it, whose commits are deployed too; absent for none. */
  readonly promotedThrough?: readonly string[];
  readonly environments: readonly string[];
  /** The stream of the system's own that its deployments are in; absent: the source's records of them. */
  readonly deployments?: string;
  /** `gated`: every deployment to production must be approved by hand; absent: continuous. */
  readonly profile?: "continuous" | "gated";
  /** In a monorepo: globs of the paths that are this system's; empty for all. */
  readonly paths: readonly string[];
}

/** What dossiers are asked for: instants are ISO in UTC, the period half-open. */
export interface DossierRequest {
  readonly repositories: readonly ScopedRepository[];
  readonly from: string;
  readonly to: string;
  readonly asOf: string;
  readonly identities: IdentityMap;
}
