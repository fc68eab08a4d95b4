import type { BoardSimulation } from "../../model/assessment/delivery.ts";
import type { ControlAssessment } from "../../model/assessment.ts";
import { counted, duration, number } from "../format.ts";
import { resultLabels } from "../labels.ts";
import {
  type BoardObjective,
  boardAssumptions,
  boardObjectives,
  narrativeTexts,
  positions,
} from "../narrative-texts.ts";
import type { Pack } from "../pack.ts";

/** Management's narrative, apart from evidence: what takes a board's place, with the controls' own numbers; null where it is left out. */
export function narrativeView(pack: Pack) {
  const { narrative } = pack.result;
  if (!narrative) return null;
  return {
    texts: narrativeTexts,
    own: narrative.text ?? [],
    objectives: boardObjectives.map((objective) => objectiveView(pack, objective)),
    board: boardView(pack, narrative.board),
    positions,
  };
}

function objectiveView(pack: Pack, { title, mechanism, attributes, unmet }: BoardObjective) {
  const controls = pack.result.controls.filter((control) => control.attributes.some((id) => attributes.includes(id)));
  return {
    title,
    mechanism,
    controls: controls.map((control) => controlRow(pack, control)),
    untested: attributes.length > 0 && controls.length === 0 ? narrativeTexts.untested : null,
    unmet: unmet
      ? { label: attributes.length === 0 ? narrativeTexts.nothing : narrativeTexts.partly, text: unmet }
      : null,
  };
}

/** A control's tally as it is, never rosier: what failed and what is open stands beside what was met. */
function controlRow(pack: Pack, { id, own, title, result, tally }: ControlAssessment) {
  const { label, tone } = resultLabels[result];
  const value = (count: number) => ({ text: number(count), zero: count === 0 });
  return {
    control: pack.controlRef(id),
    title: own?.title ?? title,
    cells: [tally.items, tally.pass, tally.fail, tally.waived, tally.notVerifiable, tally.notApplicable].map(value),
    label,
    tone,
  };
}

function boardView({ time }: Pack, board: BoardSimulation) {
  const { merged, simulated, emergencies, undeployed, asItWas, withBoard, wait, largestBatch } = board;
  const counts = `Of ${counted(merged, "change")} merged in the period, ${number(simulated)} ${simulated === 1 ? "is" : "are"} simulated; ${number(emergencies)} ${emergencies === 1 ? "was an emergency" : "were emergencies"}, ${number(undeployed)} had not reached production by the cut-off, as far as deployments were observed. The section on delivery measures every change first deployed in the period, emergencies and earlier merges included: its lead times differ.`;
  return {
    every: board.everyDays === 14 ? "a fortnightly board" : `a board every ${board.everyDays} days`,
    counts,
    assumptions: boardAssumptions(board, time.day(board.first)),
    rows:
      asItWas && withBoard && wait
        ? [
            { what: "Lead time, median", was: duration(asItWas.median), would: duration(withBoard.median) },
            { what: "Lead time, 90th percentile", was: duration(asItWas.p90), would: duration(withBoard.p90) },
            { what: "Waiting for a meeting, median", was: "none", would: duration(wait.median) },
            {
              what: "Changes in one release",
              was:
                board.changesPerDeployment === null
                  ? "not measured"
                  : `${number(board.changesPerDeployment)} in the median deployment that brought any`,
              would: largestBatch
                ? `${number(largestBatch.changes)} in the largest, ${largestBatch.system} after the meeting of ${time.day(largestBatch.meeting)}`
                : "none would have waited",
            },
          ]
        : [],
  };
}
