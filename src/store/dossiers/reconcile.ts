import type { AssessmentResult } from "../../model/assessment.ts";
import type { CommitDossier } from "../../model/dossier.ts";
import { deploymentStream } from "./gaps.ts";
import type { Dossiers } from "./load.ts";
import { type Promotion, promotionsOf } from "./promotions.ts";
import type { RepositoryPeriod } from "./repository-period.ts";

type Reconciliation = AssessmentResult["reconciliation"];
type Row = Reconciliation["rows"][number];

/** Ties commits, changes and deployments of the period out against each other, per system, and lists what does not match. */
export function reconcile(dossiers: Dossiers, period: { readonly from: string; readonly to: string }): Reconciliation {
  const bySystem = Map.groupBy(dossiers.repositories, (repository) => repository.view.repository.system);
  const rows = [...bySystem].map(([system, repositories]): Row => {
    const commits = dossiers.commits.filter((commit) => commit.system === system && !commit.rewritten);
    const changes = dossiers.changes.filter((change) => change.system === system);
    const deployments = dossiers.deployments.filter((deployment) => deployment.system === system);
    const observed = repositories.every(
      ({ view }) => view.coverage.until(deploymentStream(view.repository)) !== undefined,
    );
    const byHand = commits.filter((commit) => explained(commit) && commit.mergedByHand).length;
    return {
      system,
      commits: {
        ...tally(commits, { onLine: () => true, explained, unexplained: (c) => !explained(c) }),
        ...(byHand > 0 ? { byHand } : {}),
      },
      changes: tally(changes, {
        merged: () => true,
        onLine: (c) => c.mergeCommitOnLine,
        notOnLine: (c) => !c.mergeCommitOnLine,
      }),
      deployments: tally(deployments, {
        succeeded: () => true,
        traced: (d) => d.onBranch === true,
        untraced: (d) => d.onBranch === false,
        unknown: (d) => d.onBranch === undefined,
      }),
      flow: observed ? sumFlows(repositories.map((repository) => flowOf(repository, period))) : null,
    };
  });
  const promotions = dossiers.repositories.flatMap((repository) => promotionsOf(repository, period));
  return { rows, unmatched: [...unmatched(dossiers), ...unlikeTheLine(promotions)], promotions };
}

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

type Flow = NonNullable<Row["flow"]>;

/** opening undeployed + merged - deployed - withdrawn = closing, counted from the changes on the line. */
function flowOf(repository: RepositoryPeriod, period: { readonly from: string; readonly to: string }): Flow {
  const { line, deployments } = repository;
  const firstSuccessOf = new Map<string, string>();
  // Oldest first: a deployment carries every commit of the line up to its own.
  let reached = -1;
  for (const { deployment, brought, succeededAt } of deployments) {
    const end = brought?.to ?? (line.index.get(deployment.oid) ?? -1) + 1;
    for (let place = reached + 1; place < end; place++) {
      const change = repository.explained.get(line.commits[place]?.oid ?? "");
      if (change) firstSuccessOf.set(change.key, succeededAt);
    }
    reached = Math.max(reached, end - 1);
  }
  const flow: Flow = { opening: 0, merged: 0, deployed: 0, withdrawn: 0, closing: 0 };
  for (const change of new Set(repository.explained.values())) {
    if (change.mergedAt >= period.to) continue;
    const deployedAt = firstSuccessOf.get(change.key);
    if (change.mergedAt >= period.from) flow.merged++;
    else if (deployedAt === undefined || deployedAt >= period.from) flow.opening++;
    if (deployedAt !== undefined && deployedAt >= period.from && deployedAt < period.to) flow.deployed++;
    if (deployedAt === undefined || deployedAt >= period.to) flow.closing++;
  }
  return flow;
}

const sumFlows = (flows: readonly Flow[]): Flow =>
  flows.reduce((sum, flow) => ({
    opening: sum.opening + flow.opening,
    merged: sum.merged + flow.merged,
    deployed: sum.deployed + flow.deployed,
    withdrawn: sum.withdrawn + flow.withdrawn,
    closing: sum.closing + flow.closing,
  }));

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
