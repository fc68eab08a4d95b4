import type { Outcome } from "../../model/attribute.ts";
import { itemAnchor } from "../anchors.ts";
import { duration, list } from "../format.ts";
import type { Tone } from "../labels.ts";
import { outcomeNames } from "../labels.ts";
import type { Pack } from "../pack.ts";

const states = { active: "active", absent: "absent", unobserved: "not observed" };

/** Since when the rules of each released branch are shown unchanged, and what the tests of settings said. */
export function continuityView(pack: Pack) {
  const { continuity, period, population } = pack.result;
  const start = Date.parse(period.from);
  const length = Date.parse(period.cutAt ?? period.to) - start;
  const place = (instant: string): number =>
    Math.round(100_000 * Math.min(1, Math.max(0, length > 0 ? (Date.parse(instant) - start) / length : 0))) / 100;
  const fetched = new Map(pack.result.records.map(({ id, fetchedAt }) => [id, fetchedAt]));
  const whole = continuity.every(({ intervals }) => intervals.every(({ state }) => state !== "unobserved"));
  const basisOf = (intervals: (typeof continuity)[number]["intervals"]): string =>
    looks(intervals.flatMap(({ record }) => fetched.get(record ?? 0) ?? []).map(pack.time.minute));
  const bases = [...new Set(continuity.map(({ intervals }) => basisOf(intervals)))];
  const one = bases.length === 1;
  return {
    looks: one ? bases[0] : null,
    basis: `Each strip is the whole period. ${
      whole
        ? "No part of it is unobserved: between looks a rule is credited by the source's own time of its last change, which nothing else confirms."
        : "What no look and no time of last change by the source covers is marked not observed and credited to nobody."
    }`,
    branches: continuity.map(({ system, repository, branch, intervals }) => ({
      title: `${system}: ${repository}, ${branch}`,
      basis: one ? null : basisOf(intervals),
      strip: intervals.map(({ from, to, state }) => ({
        state,
        x: place(from),
        width: Math.max(place(to) - place(from), 2),
      })),
      intervals: intervals.map(({ from, to, state, rules, record }) => ({
        from: pack.time.minute(from),
        to: pack.time.minute(to),
        lasted: duration((Date.parse(to) - Date.parse(from)) / 1000),
        state: states[state],
        tone: { active: "flow", absent: "leak", unobserved: "unseen" }[state],
        rules,
        records: pack.records(record === null ? [] : [record]),
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

/** The looks that the records cited stand for; a run that saw nothing new left no record of its own. */
function looks(times: readonly string[]): string {
  const all = [...new Set(times)].sort();
  return all.length === 0
    ? "No look at these rules is on record."
    : `The rules as recorded on looking at ${list(all)}.`;
}

function outcome(value: Outcome, waived: boolean): { label: string; tone: Tone } {
  const tones = { pass: "flow", fail: "leak", notVerifiable: "unseen", notApplicable: "still" } as const;
  return { label: waived ? `${outcomeNames[value]}, waived` : outcomeNames[value], tone: tones[value] };
}
