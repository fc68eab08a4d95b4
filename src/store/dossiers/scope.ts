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
  /** The released branch, and the branches a change is promoted through after it. */
  readonly branch: string;
  readonly environments: readonly string[];
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
