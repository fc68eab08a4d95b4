export { deliveriesOf } from "./deliveries.ts";
export { commitStreams, deploymentStream } from "./gaps.ts";
export { type Dossiers, loadDossiers } from "./load.ts";
export { reconcile } from "./reconcile.ts";
export type { DossierRequest, ScopedRepository } from "./scope.ts";
