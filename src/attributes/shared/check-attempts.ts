import type { ChangeDossier } from "../../model/dossier.ts";
import type { Check, Seen } from "../../model/entity.ts";
import { byTimeThenId } from "./verdicts.ts";

/** Whether a check is what the source counts: an earlier attempt is not. */
const isCurrent = ({ attempt }: Check): boolean => attempt === null;

const begunAt = ({ startedAt, completedAt }: Check): string | null => startedAt ?? completedAt;

/** What nobody had begun at the merge cannot have been waited for. */
const startedAfter = ({ startedAt }: Check, at: string): boolean => startedAt !== null && startedAt > at;

/** The runs of one check that stood when the change was merged: of every suite that had begun by then, each run that no later attempt had taken the place of. Suites of which nothing is current count no more; where none had begun, all count. */
export function standingRuns(dossier: ChangeDossier, runs: readonly Seen<Check>[]): readonly Seen<Check>[] {
  const { mergedAt } = dossier.change;
  const suites = [...Map.groupBy(runs, suiteOf).values()].filter((own) => own.some(isCurrent));
  const begun = suites
    .map((own) => own.filter((run) => !startedAfter(run, mergedAt)))
    .filter(({ length }) => length > 0);
  const together = listedTogether(dossier);
  return (begun.length > 0 ? begun : suites).flatMap((own) => {
    const ordered = own.toSorted(byTimeThenId(begunAt));
    return ordered.filter((run, at) => !ordered.slice(at + 1).some((later) => replaces(later, run, together)));
  });
}

const suiteOf = ({ app, suite }: Check): string => JSON.stringify([app, suite]);

/** Whether a run is a later attempt of another: it began once that one had ended, and the source does not count both. */
function replaces(later: Check, run: Check, together: boolean): boolean {
  const [ended, begun] = [run.completedAt ?? run.startedAt, begunAt(later)];
  if (ended === null || begun === null || begun < ended) return false;
  if (run.attempt === later.attempt) return isCurrent(run) && !together;
  return (run.attempt ?? Number.POSITIVE_INFINITY) < (later.attempt ?? Number.POSITIVE_INFINITY);
}

/** Whether the source counts every check of the head that is stored as current: then none of them took another's place. */
function listedTogether({ change, checks }: ChangeDossier): boolean {
  const { checks: total } = change.totals;
  return total !== null && checks.filter((check) => check.oid === change.headOid && isCurrent(check)).length <= total;
}
