import type { AssessmentResult, CoverageRow, Item } from "../../model/assessment.ts";
import type { Outcome } from "../../model/attribute.ts";
import { itemAnchor } from "../anchors.ts";
import { counted, duration, list, sentence } from "../format.ts";
import type { Tone } from "../labels.ts";
import { outcomeNames } from "../labels.ts";
import { limits } from "../limits.ts";
import { named } from "../listed.ts";
import type { Pack } from "../pack.ts";

type Branch = AssessmentResult["continuity"][number];
type Interval = Branch["intervals"][number];

const states = { active: "active", weak: "weak", absent: "absent", unobserved: "not observed" } as const;
const tones = { active: "flow", weak: "leak", absent: "leak", unobserved: "unseen" } as const;

/** The rules of each released branch over the period: a timeline, what changed and who changed it, what arrived while they were weak, and what the tests of settings said. */
export function continuityView(pack: Pack) {
  const { continuity, period, population } = pack.result;
  const end = period.cutAt ?? period.to;
  const fetched = new Map(pack.result.records.map(({ id, fetchedAt }) => [id, fetchedAt]));
  const whole = continuity.every(({ intervals }) => intervals.every(({ state }) => state !== "unobserved"));
  const confirmed = continuity.every((branch) =>
    (["ruleVersions", "branchActivity"] as const).some((kind) => gapIn(pack, branch, kind) === undefined),
  );
  const basisOf = ({ intervals }: Branch): string =>
    looks(intervals.flatMap(({ record }) => fetched.get(record ?? 0) ?? []).map(pack.time.minute));
  const bases = [...new Set(continuity.map(basisOf))];
  const one = bases.length === 1;
  const histories = continuity.map((branch) => historyOf(pack, branch));
  const alike = new Set(histories).size === 1;
  return {
    looks: one ? bases[0] : null,
    basis: `Each strip is the whole period. ${
      whole
        ? `No part of it is unobserved: between looks a rule is credited by the source's own time of its last change${confirmed ? "" : ", which nothing else confirms"}.`
        : "What no look and no time of last change by the source covers is marked not observed and credited to nobody."
    }`,
    history: alike ? histories[0] : null,
    from: pack.time.minute(period.from),
    to: pack.time.minute(end),
    branches: continuity.map((branch, index) => ({
      title: `${branch.system}: ${branch.repository}, ${branch.branch}${branch.promotedFrom === undefined ? "" : `, promoted from ${branch.promotedFrom}`}`,
      basis: one ? null : basisOf(branch),
      ...timeline(branch, period.from, end),
      alternative: alternative(branch),
      intervals: branch.intervals.map(({ from, to, state, rules, lacking = [], record }, nth) => ({
        from: pack.time.minute(from),
        to: pack.time.minute(to),
        lasted: lasted({ from, to }),
        state: states[state],
        tone: tones[state],
        place: placeOf(nth, branch.intervals.length),
        // That no rule was active is what an absence says itself.
        lacking: state === "weak" ? `${sentence(list(lacking))}.` : null,
        rules,
        records: pack.records(record === null ? [] : [record]),
      })),
      events: (branch.events ?? []).map(({ at, by, text, record }) => ({
        at: pack.time.minute(at),
        by,
        text: sentence(text),
        records: pack.records([record]),
      })),
      history: alike ? null : histories[index],
      reached: branch.intervals
        .filter(({ state }) => state !== "active")
        .map((interval) => ({
          when: `${states[interval.state]} from ${pack.time.minute(interval.from)} to ${pack.time.minute(interval.to)}`,
          ...arrivals(pack, branch, interval),
        })),
    })),
    settings: population
      .filter(({ subject }) => subject === "configuration")
      .map((item) => ({
        anchor: itemAnchor(item.key),
        label: item.label,
        tests: pack.observations(item).map((observation) => ({
          title: pack.attributes.get(observation.attribute)?.title ?? observation.attribute,
          ...outcome(observation.outcome, observation.waiver !== undefined),
          message: observation.message,
          exceptions: observation.exception ? [pack.exceptionRef(observation.exception.id)] : [],
        })),
      })),
  };
}

const lasted = ({ from, to }: Pick<Interval, "from" | "to">): string =>
  duration((Date.parse(to) - Date.parse(from)) / 1000);

/** Where an interval stands among the others: the baseline, the state at the end, or both. */
function placeOf(index: number, all: number): string | null {
  if (all === 1) return "throughout";
  return index === 0 ? "at the start" : index === all - 1 ? "at the end" : null;
}

/** The strip in 1000 units: a rectangle an interval, lines over the weak ones, a mark where something was changed. */
function timeline({ intervals, events = [] }: Branch, from: string, to: string) {
  const start = Date.parse(from);
  const length = Date.parse(to) - start;
  const place = (instant: string): number =>
    Math.round(100_000 * Math.min(1, Math.max(0, length > 0 ? (Date.parse(instant) - start) / length : 0))) / 100;
  const strip = intervals.map((interval) => {
    const x = place(interval.from);
    return { state: interval.state, x, width: Math.max(place(interval.to) - x, 2) };
  });
  return {
    strip,
    hatch: strip
      .filter(({ state }) => state === "weak")
      .map(({ x, width }) => Array.from({ length: Math.ceil(width / 6) }, (_, i) => `M${x + i * 6} 0V10`).join("")),
    marks: [...new Set(events.map(({ at }) => place(at)))],
  };
}

/** The timeline for who cannot see it. */
function alternative({ branch, intervals, events = [] }: Branch): string {
  const told = intervals.map((interval) => `${states[interval.state]} for ${lasted(interval)}`);
  const changed = events.length > 0 ? `; its settings or history changed ${counted(events.length, "time")}` : "";
  return `Rules of ${branch}, in order: ${told.join(", ")}${changed}.`;
}

/** What reached the branch in an interval without active rules. */
function arrivals(pack: Pack, { system }: Branch, { reached = [] }: Interval) {
  const items = reached.flatMap((key) => pack.itemOf(system, key) ?? []);
  const view = ({ key, label }: Item) => ({ text: label, anchor: pack.printed.placeOf(key) });
  const { shown, more } = named(items, limits.names, "assessment.json", view);
  return { items: shown, more };
}

/** Why a kind was not read whole of the branch's repository; undefined where it was. */
function gapIn({ result, time }: Pack, { system, repository }: Branch, kind: CoverageRow["kind"]): string | undefined {
  const row = result.coverage.find(
    (one) => one.system === system && one.repository === repository && one.kind === kind,
  );
  if (row?.status === "complete") return undefined;
  const gap = row?.intervals.find(({ status }) => status !== "complete");
  return row ? time.inText(gap?.reason ?? "no reason recorded") : "not collected";
}

/** Whether every change of the rules, and every rewrite, would show: by the source's versions and moves, read whole or not. */
function historyOf(pack: Pack, branch: Branch): string {
  const { events = [] } = branch;
  const [versions, moves] = [gapIn(pack, branch, "ruleVersions"), gapIn(pack, branch, "branchActivity")];
  const unread = [
    ...(versions === undefined
      ? []
      : [
          `The versions of the rule sets were not read whole (${versions}): who changed a rule, and when, rests on the looks alone.`,
        ]),
    ...(moves === undefined
      ? []
      : [`The branch's moves were not read whole (${moves}): a rewrite of its history may be missing.`]),
  ];
  if (unread.length > 0) return unread.join(" ");
  return events.length > 0
    ? "The source's versions of the rule sets and its record of the branch's moves were read whole."
    : "By the source's versions of the rule sets and its record of the branch's moves, nothing of either was changed in the period.";
}

/** The looks that the records cited stand for; a run that saw nothing new left no record of its own. */
function looks(times: readonly string[]): string {
  const all = [...new Set(times)].sort();
  return all.length === 0
    ? "No look at these rules is on record."
    : `The rules as recorded on looking at ${list(all)}.`;
}

function outcome(value: Outcome, waived: boolean): { label: string; tone: Tone } {
  const tone = ({ pass: "flow", fail: "leak", notVerifiable: "unseen", notApplicable: "still" } as const)[value];
  return { label: waived ? `${outcomeNames[value]}, waived` : outcomeNames[value], tone };
}
