import {
  type AssessmentResult,
  type ControlAssessment,
  type Item,
  isFollowing,
  type RollupRow,
} from "../../model/assessment.ts";
import { controlAnchor } from "../anchors.ts";
import { counted, list, number } from "../format.ts";
import { criterionLabel, resultLabels } from "../labels.ts";
import type { Pack } from "../pack.ts";
import { packOf } from "../part-links.ts";

/** Each team and each system by itself: its items, its results, its pack; null where there is only one. */
export function rollupView(pack: Pack) {
  const { result } = pack;
  const { rollup = [] } = result;
  if (rollup.length === 0) return null;
  const keys = result.controls.filter(({ key }) => key);
  const rows = inOrder(rollup);
  return {
    lead: lead(result, rollup),
    linked: rows.some(({ kind, id }) => packOf(pack, kind, id) !== null),
    criteria: result.criteria.filter(({ concluded }) => concluded).map((one) => `${one.frameworkTitle} ${one.id}`),
    controls: keys.map((control) => pack.controlRef(control.id)),
    conclusions: rows.map((row) => ({
      ...named(row),
      pack: packOf(pack, row.kind, row.id),
      cells: row.criteria.map((criterion) => ({
        tone: resultLabels[criterion.result].tone,
        label: criterionLabel(criterion, ...mixed(result, keys, row, criterion)),
      })),
    })),
    counts: [
      ...rows.map((row) => ({ ...named(row), total: false, cells: cellsOf(result, row.systems) })),
      {
        name: "All systems",
        team: true,
        total: true,
        cells: cellsOf(
          result,
          rollup.flatMap(({ kind, systems }) => (kind === "system" ? systems : [])),
        ),
      },
    ],
    results: [
      ...rows.map((row) => ({
        ...named(row),
        total: false,
        cells: keys.flatMap(({ id }) => row.controls.filter((control) => control.id === id).map(resultCell)),
      })),
      { name: "All systems", team: true, total: true, cells: keys.map(resultCell) },
    ],
    anchors: keys.map(({ id }) => controlAnchor(id)),
  };
}

function lead({ part, scope }: AssessmentResult, rollup: readonly RollupRow[]): string {
  const teams = rollup.filter(({ kind }) => kind === "team").length;
  const of = `${teams > 0 ? `${counted(teams, "team")} and ` : ""}${counted(scope.systems.length, "system")}`;
  return `${of}${part ? ` of ${part.kind} ${part.id}` : ""}, each judged by itself on the same evidence, by the same rules and thresholds. Every item belongs to one system, so the counts of the systems add up to the whole; results do not: a share that is small in the whole may be large in one system.`;
}

/** A team, then its systems; systems alone where there is one team. */
function inOrder(rollup: readonly RollupRow[]): readonly RollupRow[] {
  const systems = rollup.filter(({ kind }) => kind === "system");
  const teams = rollup.filter(({ kind }) => kind === "team");
  if (teams.length === 0) return systems;
  return teams.flatMap((team) => [team, ...systems.filter(({ id }) => team.systems.includes(id))]);
}

const named = ({ kind, id }: RollupRow) => ({ name: kind === "team" ? `Team ${id}` : id, team: kind === "team" });

/** Whether the key controls under a criterion also found exceptions, or left items open. */
function mixed(
  { criteria }: AssessmentResult,
  keys: readonly ControlAssessment[],
  { controls }: RollupRow,
  { framework, id }: RollupRow["criteria"][number],
): [exceptions: boolean, incomplete: boolean] {
  const under = criteria.find((one) => one.framework === framework && one.id === id)?.controls ?? [];
  const mine = controls.filter((control) => under.includes(control.id) && keys.some((key) => key.id === control.id));
  return [mine.some(({ tally }) => tally.fail + tally.waived > 0), mine.some(({ tally }) => tally.notVerifiable > 0)];
}

/** Commits, changes, deployments and settings, which together are passed, failed, waived or not verifiable; and what awaits a response. */
function cellsOf({ population, exceptions }: AssessmentResult, systems: readonly string[]) {
  const items = population.filter(({ system }) => systems.includes(system));
  const of = (subject: Item["subject"]): number => items.filter((item) => item.subject === subject).length;
  const verdicts = items.map(verdictOf);
  const having = (verdict: Verdict): number => verdicts.filter((one) => one === verdict).length;
  const awaiting = exceptions.filter((one) => systems.includes(one.system) && isAwaiting(one)).length;
  return [
    ...[items.length, of("commit"), of("change"), of("deployment"), of("configuration")].map(plain),
    ...[having("passed"), having("failed"), having("waived"), having("open"), awaiting].map(plain),
  ];
}

const plain = (count: number) => ({ text: number(count), zero: count === 0 });

type Verdict = "passed" | "failed" | "waived" | "open";

/** What all tests of an item come to, those that apply to none of it among the passed. */
function verdictOf({ observations }: Item): Verdict {
  const failures = observations.filter(({ outcome }) => outcome === "fail");
  if (failures.some(({ waiver }) => waiver === undefined)) return "failed";
  if (failures.length > 0) return "waived";
  return observations.some(({ outcome }) => outcome === "notVerifiable") ? "open" : "passed";
}

/** Whether management still has to answer: not accepted in advance, and not answered with the exception that caused it. */
export const isAwaiting = (exception: AssessmentResult["exceptions"][number]): boolean =>
  !isFollowing(exception) && exception.waiver === null && exception.answer === undefined;

/** `3 of 32`: failed of what could be judged, with the words that its result needs beside them. */
function resultCell({ result, tally }: Pick<ControlAssessment, "result" | "tally">) {
  const failed = tally.fail + tally.waived;
  const judged = failed + tally.pass;
  const { tone, label } = resultLabels[result];
  return {
    tone,
    label: list([label]),
    text: judged === 0 ? "–" : `${number(failed)} of ${number(judged)}`,
    open: tally.notVerifiable === 0 ? null : `${number(tally.notVerifiable)} open`,
    word: words[result],
  };
}

const words: Readonly<Record<ControlAssessment["result"], string | null>> = {
  aboveThreshold: "above",
  evidenceIncomplete: "incomplete",
  exceptionsNoted: null,
  noExceptionsNoted: null,
  didNotOperate: null,
};
