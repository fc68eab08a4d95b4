import type { AssessmentResult } from "../model/assessment.ts";
import type { DeploymentDossier } from "../model/dossier.ts";

/** Delivery metrics of one system. */
export type DeliveryMetrics = AssessmentResult["metrics"][number];

/** DORA's deployment frequency and lead time of one system over a half-open period: context, not control evidence. Lead time runs from a change's first commit (by git's date, the opening or the merge where that is earlier) to the first success in production, in seconds; a repetition of the version before counts once. */
export function deliveryMetrics(
  system: string,
  deployments: readonly DeploymentDossier[],
  period: { readonly from: string; readonly to: string },
): DeliveryMetrics {
  const own = deployments.filter(
    (one) => one.system === system && one.succeededAt >= period.from && one.succeededAt < period.to,
  );
  const counted = own.filter((one) => one.previous?.oid !== one.deployment.oid);
  const leads = leadTimes(own);
  const days = (Date.parse(period.to) - Date.parse(period.from)) / 86_400_000;
  return {
    system,
    deployments: counted.length,
    perDay: days > 0 ? Math.round((counted.length / days) * 100) / 100 : 0,
    leadTimeMedian: percentile(leads, 0.5),
    leadTimeP90: percentile(leads, 0.9),
    fallBacks: counted.filter((one) => one.deployedBefore !== undefined).length,
  };
}

/** Seconds per change, ascending, by the deployment that first brought it. */
function leadTimes(deployments: readonly DeploymentDossier[]): readonly number[] {
  const first = new Map<string, number>();
  for (const { succeededAt, brought } of deployments.toSorted((a, b) => (a.succeededAt < b.succeededAt ? -1 : 1))) {
    for (const { change } of brought ?? []) {
      if (!change || first.has(change.key)) continue;
      // A git date may lie anywhere; one after the merge cannot be when the work began.
      const began = [
        ...change.commits.map(({ committedAt }) => committedAt),
        change.change.createdAt,
        change.change.mergedAt,
      ].sort()[0];
      first.set(change.key, Math.max(0, (Date.parse(succeededAt) - Date.parse(began ?? succeededAt)) / 1000));
    }
  }
  return [...first.values()].sort((a, b) => a - b);
}

/** By nearest rank; null without values. */
function percentile(ascending: readonly number[], share: number): number | null {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? null;
}
