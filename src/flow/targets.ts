import type { Measures, Target, TargetName } from "../model/assessment/delivery.ts";

/** Management's target ranges by what they are set for. */
export type Targets = Partial<Record<TargetName, Target>>;

/** Whether a value lies in its range; undefined where there is no range, or nothing was measured. */
export function isMet(target: Target | undefined, value: number | null): boolean | undefined {
  if (!target || value === null) return undefined;
  return value >= (target.atLeast ?? Number.NEGATIVE_INFINITY) && value <= (target.atMost ?? Number.POSITIVE_INFINITY);
}

/** A part of a whole; null where the whole is nothing or not known. */
export const shareOf = (part: number | undefined, whole: number | null): number | null =>
  part === undefined || whole === null || whole === 0 ? null : part / whole;

/** Which of DORA's five lie in their target ranges. */
export function targetsMet(targets: Targets, measures: Measures): Partial<Record<TargetName, boolean>> {
  const { deployments, incidents } = measures;
  const values: Partial<Record<TargetName, number | null>> = {
    leadTime: measures.leadTimeMedian,
    deploymentsPerDay: measures.perDay,
    recoveryTime: incidents?.recoveryMedian ?? null,
    changeFailRate: shareOf(incidents?.failed, deployments),
    reworkRate: shareOf(incidents?.rework, deployments),
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const met = isMet(targets[name as TargetName], value);
      return met === undefined ? [] : [[name, met]];
    }),
  );
}
