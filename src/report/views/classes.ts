import { itemClasses } from "../../model/assessment.ts";
import type { StreamKind } from "../../model/stream.ts";
import { counted, list, number } from "../format.ts";
import { classNames, streamNames } from "../labels.ts";
import { limits } from "../limits.ts";
import { named } from "../listed.ts";
import type { Pack } from "../pack.ts";

/** What the classes are told by: where it was not read whole, further changes may belong to one. */
const toldBy: readonly StreamKind[] = ["changes", "files", "checks", "pipelineRuns"];

/** The changes that are not ordinary ones, by what sets them apart, each with those that failed a test. */
export function classesView({ result: { population, coverage }, printed }: Pack) {
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
      const { shown, more } = named(own, limits.names, `changes.csv, column classes, as ${one}`, (item) => item);
      return {
        title: classNames[one],
        count: number(own.length),
        any: own.length > 0,
        failed: number(own.filter(({ observations }) => observations.some(({ outcome }) => outcome === "fail")).length),
        items: [...Map.groupBy(shown, ({ system }) => system)].map(([system, some]) => ({
          system,
          changes: some.map(({ key, label }) => ({ text: label, anchor: printed.placeOf(key) })),
        })),
        more,
      };
    }),
  };
}
