import type { Say } from "./check-signing.ts";
import type { ConfigFile } from "./schema.ts";

/** Checks that each target range holds a value, and that a board is not closed to everything. */
export function checkMetrics({ metrics, narrative }: ConfigFile, problem: Say): void {
  for (const [name, { atLeast, atMost } = {}] of Object.entries(metrics.targets)) {
    if (atLeast === undefined && atMost === undefined)
      problem(["metrics", "targets", name], "a target has `atLeast`, `atMost` or both");
    if (atLeast !== undefined && atMost !== undefined && atLeast > atMost)
      problem(["metrics", "targets", name], "`atLeast` is above `atMost`, so nothing can meet it");
  }
  const { everyDays, cutOffDays } = narrative.board;
  if (cutOffDays >= everyDays)
    problem(
      ["narrative", "board", "cutOffDays"],
      `${cutOffDays} days of cut-off leave nothing of ${everyDays} days between meetings`,
    );
}
