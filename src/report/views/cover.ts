import type { AssessmentResult, Item } from "../../model/assessment.ts";
import { controlAnchor, criterionAnchor } from "../anchors.ts";
import type { Flow } from "../flow.ts";
import { flowFigure } from "../flow-figure.ts";
import { counted, list, number, sentence, words } from "../format.ts";
import { resultLabels, wholeCriterionLabel } from "../labels.ts";
import type { Pack } from "../pack.ts";
import { headline, textOf } from "./headline.ts";
import { isAwaiting } from "./rollup.ts";
import { tieView } from "./tie.ts";
import { unseenParts } from "./unseen.ts";

/** What the first page says. */
export function coverView(pack: Pack, flow: Flow) {
  const { result } = pack;
  const { core, further } = unseenParts(pack);
  const shown = further.length > 0 ? 3 : 4;
  return {
    headline: textOf(headline(pack, flow)),
    statement: headline(pack, flow),
    lead: lead(pack),
    criteria: result.criteria
      .filter(({ concluded }) => concluded)
      .map((criterion) => ({
        framework: criterion.frameworkTitle,
        id: criterion.id,
        anchor: criterionAnchor(criterion.framework, criterion.id),
        tone: resultLabels[criterion.result].tone,
        label: wholeCriterionLabel(criterion, result.controls),
        statement: criterion.statement,
      })),
    tie: tieView(pack, collectedSince(pack)),
    figure: flowFigure(flow),
    bypasses: bypasses(pack, flow),
    anyCommit: flow.commits > 0,
    unseen: [...core.slice(0, shown), ...further],
    undecided: undecided(pack),
    lateRules: lateRules(pack),
    unseenMore: core.length > shown ? counted(core.length - shown, "more gap") : null,
  };
}

function lead(pack: Pack): readonly { readonly text: string; readonly anchor: string | null }[] {
  const { result, time } = pack;
  const { systems } = result.scope;
  const teams = new Set(systems.map(({ team }) => team)).size;
  const unread = result.coverage.filter(({ status }) => status !== "complete").length;
  const items = undecidedItems(pack).length;
  const plain = (text: string): { text: string; anchor: null } => ({ text, anchor: null });
  return [
    plain(
      `Results of management's tests over the whole population; no opinion. ${sentence(words(systems.length))} ${systems.length === 1 ? "system" : "systems"} of ${words(teams)} ${teams === 1 ? "team" : "teams"}, times in ${result.organisation.timezone}, evidence as of ${time.long(result.period.asOf)}`,
    ),
    ...(result.period.cutAt === null
      ? []
      : [plain(`The period was not observed to its end: the population ends on ${time.long(result.period.cutAt)}`)]),
    ...exceptionsLead(result),
    ...(result.provenance.sources.some(isOnThisMachine)
      ? [
          {
            text: "Its source is a server on the machine that collected, as in a demonstration or a test",
            anchor: "collected",
          },
        ]
      : []),
    ...(unread === 0
      ? [
          items === 0
            ? plain("Every stream of evidence was read whole")
            : {
                text: `Every stream of evidence was read whole, yet it does not decide every test of ${counted(items, "item")}`,
                anchor: "unverifiable",
              },
        ]
      : [
          {
            text: `${number(unread)} of ${counted(result.coverage.length, "stream")} of evidence could not be read whole`,
            anchor: "gaps",
          },
        ]),
  ];
}

/** All exceptions, and how many of them somebody still has to answer. */
function exceptionsLead({
  exceptions,
}: AssessmentResult): readonly { readonly text: string; readonly anchor: string }[] {
  if (exceptions.length === 0) return [];
  const awaiting = exceptions.filter(isAwaiting).length;
  const waived = exceptions.filter(({ waiver }) => waiver !== null).length;
  const answered = exceptions.filter(({ waiver, answer }) => waiver === null && answer !== undefined).length;
  const rest = exceptions.length - awaiting - waived - answered;
  const parts = [
    ...(awaiting > 0 ? [`${number(awaiting)} to be answered`] : []),
    ...(answered > 0 ? [`${number(answered)} answered by management`] : []),
    ...(rest > 0 ? [`${number(rest)} to be answered with what caused them`] : []),
    ...(waived > 0 ? [`${number(waived)} waived in advance`] : []),
  ];
  return [{ text: `${sentence(counted(exceptions.length, "exception"))}: ${list(parts)}`, anchor: "exceptions" }];
}

function bypasses({ result: { controls } }: Pack, flow: Flow) {
  const control = controls.find(({ attributes }) => attributes.includes("merged-without-bypass"));
  if (flow.bypasses === 0 || !control) return null;
  return {
    text: `${counted(flow.bypasses, "change")} merged past the branch's rules in all, pushes without a change apart, at whichever gate their commits left`,
    control: control.own?.id ?? control.id,
    anchor: controlAnchor(control.id),
  };
}

const undecidedItems = ({ result: { population } }: Pack): readonly Item[] =>
  population.filter(({ observations }) => observations.some(({ outcome }) => outcome === "notVerifiable"));

/** The items that streams read whole or not leave undecided, with the tests and controls concerned. */
function undecided(pack: Pack) {
  const items = undecidedItems(pack);
  if (items.length === 0) return null;
  const open = items.flatMap(({ observations }) => observations.filter(({ outcome }) => outcome === "notVerifiable"));
  const letters = [...new Set(open.map(({ attribute }) => attribute))].map(
    (id) => pack.attributes.get(id)?.letter ?? id,
  );
  return {
    what: `${number(items.length)} of ${counted(pack.result.population.length, "item")}`,
    why: `the record does not decide ${letters.length === 1 ? "test" : "tests"} ${list(letters.sort())}`,
    controls: pack.result.controls.filter(({ tally }) => tally.notVerifiable > 0).map(({ id }) => pack.controlRef(id)),
  };
}

/** Said where no rule was on record before the period was over: what would have been judged otherwise cannot be told. */
export function lateRules(pack: Pack): string | null {
  const first = lateSince(pack);
  return first === null
    ? null
    : `first seen ${pack.time.minute(first)}, after the period; no earlier rule is on record`;
}

/** When the first rule was recorded, where that was after the period; else null. */
export function lateSince({ result: { policies, period } }: Pack): string | null {
  const seen = policies.map(({ firstSeen }) => firstSeen).filter((instant) => instant !== null);
  const first = seen.toSorted()[0];
  if (first === undefined || seen.length < policies.length || first < period.to) return null;
  return first;
}

/** Whether the source is asked at an address that leads back to the machine that asks. */
export const isOnThisMachine = ({ endpoint }: { readonly endpoint: string }): boolean =>
  /^https?:\/\/(127(\.\d+){3}|localhost|\[::1\])(?=[:/]|$)/i.test(endpoint);

/** The day of the first run. */
export function collectedSince({ result: { provenance, checkpoint }, time }: Pack): string {
  return time.day(provenance.runs.map(({ startedAt }) => startedAt).toSorted()[0] ?? checkpoint.at);
}
