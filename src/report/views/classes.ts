import { itemClasses } from "../../model/assessment.ts";
import type { StreamKind } from "../../model/stream.ts";
import { itemAnchor } from "../anchors.ts";
import { counted, list, number } from "../format.ts";
import { classNames, streamNames } from "../labels.ts";
import type { Pack } from "../pack.ts";

/** How many changes a class names before it refers to assessment.json. */
const longest = 40;

/** What the classes are told by: where it was not read whole, further changes may belong to one. */
const toldBy: readonly StreamKind[] = ["changes", "files", "checks", "pipelineRuns"];

/** The changes that are not ordinary ones, by what sets them apart, each with those that failed a test. */
export function classesView({ result: { population, coverage } }: Pack) {
  const changes = population.filter(({ subject }) => subject === "change");
  const classed = changes.filter(({ classes = [] }) => classes.length > 0);
  const gaps = toldBy.filter((kind) => coverage.some((row) => row.kind === kind && row.status !== "complete"));
  return {
    summary: `${number(classed.length)} of ${counted(changes.length, "change")} of the period ${classed.length === 1 ? "belongs" : "belong"} to a class below, some to several; ${number(changes.length - classed.length)} to none.`,
    gaps:
      gaps.length === 0
        ? null
        : `Not read whole everywhere: ${list(gaps.map((kind) => streamNames[kind]))}. Further changes may belong to a class.`,
    rows: itemClasses.map((one) => {
      const own = changes.filter(({ classes = [] }) => classes.includes(one));
      return {
        title: classNames[one],
        count: number(own.length),
        any: own.length > 0,
        failed: number(own.filter(({ observations }) => observations.some(({ outcome }) => outcome === "fail")).length),
        items: [...Map.groupBy(own.slice(0, longest), ({ system }) => system)].map(([system, some]) => ({
          system,
          changes: some.map(({ key, label }) => ({ text: label, anchor: itemAnchor(key) })),
        })),
        more: own.length > longest ? `and ${number(own.length - longest)} more, in assessment.json` : null,
      };
    }),
  };
}
