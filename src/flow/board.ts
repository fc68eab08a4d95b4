import type { BoardSimulation } from "../model/assessment/delivery.ts";
import { medianAndP90, percentile, secondsBetween } from "./percentile.ts";

/** A meeting of the board: what was merged before `cutOff` is decided `at` it and deployed at `release`. */
export interface Meeting {
  readonly cutOff: string;
  readonly at: string;
  readonly release: string;
}

/** A change of the period as it went. */
export interface MergedChange {
  readonly system: string;
  readonly beganAt: string;
  readonly mergedAt: string;
  /** When it was first in production; undefined where it was not by the cut-off of the evidence. */
  readonly deployedAt: string | undefined;
  readonly emergency: boolean;
}

/**
 * What a board would have done to these changes: each waits from its merge to the first meeting whose cut-off it makes,
 * is approved at first sight, and is deployed at that meeting's release, or when it was, if that is later. Emergencies
 * are excepted; what was not deployed has no lead time to compare. Meetings come in order and reach past the last merge.
 */
export function simulateBoard(
  changes: readonly MergedChange[],
  meetings: readonly Meeting[],
  perDeployment: readonly number[],
): Omit<BoardSimulation, "everyDays" | "cutOffDays" | "first"> {
  const emergencies = changes.filter(({ emergency }) => emergency);
  const ordinary = changes.filter(({ emergency }) => !emergency);
  const simulated = ordinary.flatMap((change) => {
    const meeting = meetings.find(({ cutOff }) => change.mergedAt < cutOff);
    return change.deployedAt === undefined || !meeting ? [] : [{ ...change, deployedAt: change.deployedAt, meeting }];
  });
  const later = (a: string, b: string): string => (a > b ? a : b);
  const sizes = perDeployment.filter((size) => size > 0);
  return {
    merged: changes.length,
    simulated: simulated.length,
    emergencies: emergencies.length,
    undeployed: ordinary.length - simulated.length,
    asItWas: medianAndP90(simulated.map(({ beganAt, deployedAt }) => secondsBetween(beganAt, deployedAt))),
    withBoard: medianAndP90(
      simulated.map(({ beganAt, deployedAt, meeting }) => secondsBetween(beganAt, later(meeting.release, deployedAt))),
    ),
    wait: medianAndP90(simulated.map(({ mergedAt, meeting }) => secondsBetween(mergedAt, meeting.at))),
    largestBatch: largestBatch(simulated.filter(({ deployedAt, meeting }) => deployedAt <= meeting.release)),
    changesPerDeployment: percentile(sizes, 0.5),
  };
}

function largestBatch(
  released: readonly { readonly system: string; readonly meeting: Meeting }[],
): BoardSimulation["largestBatch"] {
  const batches = [...Map.groupBy(released, ({ system, meeting }) => JSON.stringify([meeting.at, system])).values()];
  const [first] = batches
    .flatMap((own) =>
      own.slice(0, 1).map(({ system, meeting }) => ({ changes: own.length, system, meeting: meeting.at })),
    )
    .sort(
      (a, b) =>
        b.changes - a.changes ||
        (a.meeting < b.meeting ? -1 : a.meeting > b.meeting ? 1 : 0) ||
        (a.system < b.system ? -1 : 1),
    );
  return first ?? null;
}
