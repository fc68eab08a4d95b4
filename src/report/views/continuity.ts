import type { Outcome } from "../../model/attribute.ts";
import { itemAnchor } from "../anchors.ts";
import { duration } from "../format.ts";
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
  return {
    branches: continuity.map(({ system, repository, branch, intervals }) => ({
      title: `${system}: ${repository}, ${branch}`,
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

function outcome(value: Outcome, waived: boolean): { label: string; tone: Tone } {
  const tones = { pass: "flow", fail: "leak", notVerifiable: "unseen", notApplicable: "still" } as const;
  return { label: waived ? `${outcomeNames[value]}, waived` : outcomeNames[value], tone: tones[value] };
}
