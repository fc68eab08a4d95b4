import { compare } from "../model/compare.ts";
import type { DeploymentDossier } from "../model/dossier.ts";
import { commitKey } from "../model/keys.ts";

/** Finds the first production deployment that brought a change or a commit of a system, among those of the period. */
export interface Deployed {
  readonly change: (system: string, key: string) => DeploymentDossier | undefined;
  readonly commit: (system: string, key: string) => DeploymentDossier | undefined;
}

/** Indexes what deployments brought in one pass, earliest success first. */
export function deployedIndex(deployments: readonly DeploymentDossier[]): Deployed {
  const changes = new Map<string, DeploymentDossier>();
  const commits = new Map<string, DeploymentDossier>();
  const earliest = deployments.toSorted((a, b) => compare(a.succeededAt, b.succeededAt) || compare(a.key, b.key));
  const add = (index: Map<string, DeploymentDossier>, name: string, dossier: DeploymentDossier) => {
    if (!index.has(name)) index.set(name, dossier);
  };
  for (const dossier of earliest) {
    for (const { oid, change } of dossier.brought ?? []) {
      add(commits, nameOf(dossier.system, commitKey(dossier.repository.key, oid)), dossier);
      if (change) add(changes, nameOf(dossier.system, change.key), dossier);
    }
  }
  return {
    change: (system, key) => changes.get(nameOf(system, key)),
    commit: (system, key) => commits.get(nameOf(system, key)),
  };
}

// A repository may hold several systems, each with deployments of its own.
const nameOf = (system: string, key: string): string => `${system} ${key}`;
