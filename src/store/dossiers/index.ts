export { commitStreams } from "./gaps.ts";
export { type Dossiers, loadDossiers, type RepositoryPeriod } from "./load.ts";
export { reconcile } from "./reconcile.ts";
export type { DossierRequest, ScopedRepository } from "./scope.ts";
