import type { AssessmentResult, ControlAssessment, Item } from "../model/assessment.ts";
import type { JoinedControl } from "../model/control.ts";
import { number } from "../model/number.ts";
import type { Judged } from "./observe.ts";

type Beside = NonNullable<ControlAssessment["beside"]>[number];

/**
 * What reached or left the branch without a merge: a control over merges cannot count it, because there is no merge to
 * compare with the rules, and names the control that does.
 */
export function pushesBeside(
  control: JoinedControl,
  controls: readonly JoinedControl[],
  judged: readonly Judged[],
  continuity: AssessmentResult["continuity"],
): readonly Beside[] {
  const tests = ({ attributes }: JoinedControl, wanted: string) => attributes.some(({ id }) => id === wanted);
  const counting = controls.find((one) => tests(one, "arrived-by-change"));
  if (!counting || !tests(control, "merged-without-bypass")) return [];
  const failed = judged.filter(({ item }) =>
    item.observations.some(({ attribute, outcome }) => attribute === "arrived-by-change" && outcome === "fail"),
  );
  if (failed.length === 0) return [];
  const [away, pushed] = [failed.filter(wasPushedAway), failed.filter((one) => !wasPushedAway(one))];
  const parts = [
    ...(pushed.length > 0 ? [`${commits(pushed.length)} reached the branch by no change`] : []),
    ...(away.length > 0 ? [`${commits(away.length)} ${away.length === 1 ? "was" : "were"} pushed away from it`] : []),
  ];
  const demanded = pushed.filter(({ item }) => changeWasDemanded(item, continuity)).length;
  const which = demanded === 1 && pushed.length === 1 ? "it" : `${number(demanded)} of them`;
  const bypassed =
    demanded > 0
      ? ` The branch's rules demanded a change all the time in which ${which} can have been pushed: only by bypassing them could somebody do so.`
      : "";
  const text = `${parts.join("; ")}. There is no merge to compare with the rules.${bypassed}`;
  return [{ control: counting.id, items: failed.length, text }];
}

const commits = (count: number): string => `${number(count)} ${count === 1 ? "commit" : "commits"}`;

const wasPushedAway = ({ dossier }: Judged): boolean => dossier.subject === "commit" && dossier.rewritten !== undefined;

/** Whether rules were seen over the whole time in which the commit can have come, and let nothing in but by a change all that time. */
export function changeWasDemanded(item: Item, continuity: AssessmentResult["continuity"]): boolean {
  const since = item.notBefore ?? item.at;
  const during = continuity
    .filter(
      ({ system, repository, promotedFrom }) =>
        system === item.system && repository === item.repository && promotedFrom === undefined,
    )
    .flatMap(({ intervals }) => intervals)
    .filter(({ from, to }) => from <= item.at && since <= to);
  // A branch's intervals follow each other without a gap, but begin and end with the period.
  const isCovered = during.some(({ from }) => from <= since) && during.some(({ to }) => to >= item.at);
  return isCovered && during.every(({ changeRequired }) => changeRequired === true);
}
