import type { AssessmentResult } from "../../model/assessment.ts";
import type { CommitDossier } from "../../model/dossier.ts";
import { flowOf, sumFlows } from "./flow.ts";
import { deploymentStream } from "./gaps.ts";
import type { Dossiers } from "./load.ts";
import { elsewhereOf, type Promotion, promotionsOf } from "./promotions.ts";
import type { RepositoryPeriod } from "./repository-period.ts";

type Reconciliation = AssessmentResult["reconciliation"];
type Row = Reconciliation["rows"][number];

/** Ties commits, changes and deployments of the period out against each other, per system, and lists what does not match. */
export function reconcile(dossiers: Dossiers, period: { readonly from: string; readonly to: string }): Reconciliation {
  const promotions = dossiers.repositories.flatMap((repository) => promotionsOf(repository, period));
  const elsewhere = dossiers.repositories.flatMap((repository) => elsewhereOf(repository, period));
  const bySystem = Map.groupBy(dossiers.repositories, (repository) => repository.view.repository.system);
  const rows = [...bySystem].map(([system, repositories]): Row => {
    const commits = dossiers.commits.filter((commit) => commit.system === system && !commit.rewritten);
    const changes = dossiers.changes.filter((change) => change.system === system);
    const deployments = dossiers.deployments.filter((deployment) => deployment.system === system);
    const observed = repositories.every(
      ({ view }) => view.coverage.until(deploymentStream(view.repository)) !== undefined,
    );
    const other = [...promotions, ...elsewhere].filter((change) => change.system === system).length;
    const byHand = commits.filter((commit) => explained(commit) && commit.mergedByHand).length;
    return {
      system,
      commits: {
        ...tally(commits, { onLine: () => true, explained, unexplained: (c) => !explained(c) }),
        ...(byHand > 0 ? { byHand } : {}),
      },
      changes: {
        ...tally(changes, {
          merged: () => true,
          onLine: (c) => c.mergeCommitOnLine,
          notOnLine: (c) => !c.mergeCommitOnLine,
        }),
        ...(other > 0 ? { elsewhere: other } : {}),
      },
      deployments: tally(deployments, {
        succeeded: () => true,
        traced: (d) => d.onBranch === true,
        untraced: (d) => d.onBranch === false,
        unknown: (d) => d.onBranch === undefined,
      }),
      flow: observed
        ? sumFlows(repositories.map((repository) => flowOf(ofSystem(dossiers, repository), period)))
        : null,
    };
  });
  return {
    rows,
    unmatched: [...unmatched(dossiers), ...unlikeTheLine(promotions)],
    promotions,
    ...(elsewhere.length > 0 ? { elsewhere } : {}),
  };
}

/** A repository with the changes that are the system's own. */
const ofSystem = ({ belongs }: Dossiers, repository: RepositoryPeriod): RepositoryPeriod => ({
  ...repository,
  changes: repository.changes.filter((change) => belongs(repository, change)),
});

/** Promotions that carry what no commit of the line has: nobody judged it there. */
function unlikeTheLine(promotions: readonly Promotion[]): Reconciliation["unmatched"] {
  return promotions
    .filter(({ identicalTo }) => identicalTo === null)
    .map(({ system, label, branch, record }) => ({
      kind: "change",
      system,
      label,
      item: "",
      why: `merged to ${branch}, with content that no commit of the landing branch is shown to have`,
      record,
    }));
}

const explained = ({ change, otherBase, rewritten }: CommitDossier): boolean =>
  change !== undefined && otherBase === undefined && !rewritten;

function whyUnexplained({ change, associated, otherBase, rewritten }: CommitDossier): string {
  if (rewritten)
    return `pushed away: it was on the branch at ${rewritten.seenAt}, which now leads to ${rewritten.now.slice(0, 8)}`;
  if (change && otherBase) return `#${change.number}, which made it, was merged to ${otherBase}`;
  if (associated.length === 0) return "no change put it on the branch";
  return `the source associates it with ${associated.map(({ number }) => `#${number}`).join(", ")}, whose merge commit it is not`;
}

function tally<T, K extends string>(items: readonly T[], tests: Record<K, (item: T) => boolean>): Record<K, number> {
  const entries = Object.entries<(item: T) => boolean>(tests).map(([name, test]) => [name, items.filter(test).length]);
  return Object.fromEntries(entries) as Record<K, number>;
}

function unmatched(dossiers: Dossiers): Reconciliation["unmatched"] {
  return [
    ...dossiers.commits.flatMap((commit) =>
      explained(commit)
        ? []
        : {
            kind: "commit" as const,
            system: commit.system,
            label: commit.oid.slice(0, 8),
            item: commit.key,
            why: whyUnexplained(commit),
            record: commit.graph.record,
          },
    ),
    ...dossiers.changes.flatMap((change) =>
      change.mergeCommitOnLine
        ? []
        : {
            kind: "change" as const,
            system: change.system,
            label: `#${change.change.number}`,
            item: change.key,
            why:
              change.change.mergeOid === null
                ? "the source names no merge commit"
                : `its merge commit ${change.change.mergeOid.slice(0, 8)} is not on the branch's line`,
            record: change.change.record,
          },
    ),
    ...dossiers.deployments.flatMap((deployment) =>
      deployment.onBranch === true
        ? []
        : {
            kind: "deployment" as const,
            system: deployment.system,
            label: `deployment ${deployment.deployment.id}`,
            item: deployment.key,
            why:
              deployment.onBranch === false
                ? `its commit ${deployment.deployment.oid.slice(0, 8)} is not on the released branch`
                : `its commit ${deployment.deployment.oid.slice(0, 8)} is ${deployment.offLine ? "an ancestor of the released branch but was never its tip" : "not in the commits collected"}`,
            record: deployment.deployment.record,
          },
    ),
    ...dossiers.repositories.flatMap(({ view, inPeriod }) =>
      inPeriod.unended.map(({ deployment, state }) => ({
        kind: "deployment" as const,
        system: view.repository.system,
        label: `deployment ${deployment.id}`,
        item: deployment.key,
        why: `recorded at ${deployment.createdAt}, and never said to have succeeded: last state ${state}`,
        record: deployment.record,
      })),
    ),
    ...dossiers.repositories.flatMap(({ view, inPeriod }) =>
      inPeriod.refiled.map(({ deployment, nowIn }) => ({
        kind: "deployment" as const,
        system: view.repository.system,
        label: `deployment ${deployment.id}`,
        item: deployment.key,
        why: `it was to ${deployment.environment}; the source files it under ${nowIn} today`,
        record: deployment.record,
      })),
    ),
    ...dossiers.repositories.flatMap(({ view, inPeriod }) =>
      inPeriod.unlisted.map(({ deployment, succeededAt }) => ({
        kind: "deployment" as const,
        system: view.repository.system,
        label: `deployment ${deployment.id}`,
        item: "",
        why: `the source records that it put ${deployment.oid.slice(0, 8)} into ${deployment.environment} at ${succeededAt}; where the system's deployments are read from, nothing is of that commit`,
        record: deployment.record,
      })),
    ),
  ];
}
