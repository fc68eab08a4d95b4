import type { Measures } from "../model/assessment/delivery.ts";
import { counted, duration, number, roughly } from "./format.ts";

/** A month as the trend draws it. */
export interface TrendMonth {
  readonly id: string;
  readonly inPeriod: boolean;
  /** Something of it was not observed. */
  readonly partial: boolean;
  readonly measures: Measures;
}

interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

interface Bar {
  readonly path: string;
  /** `now`: of the period, `then`: before it. */
  readonly kind: "now" | "then";
  /** Diagonal lines over the bar where not all was observed, to be clipped to it; null where all was. */
  readonly hatch: string | null;
  readonly clip: string;
}

/** Geometry of the trend: a bar of deployments a month above, lead times below on a logarithmic scale, from the median to the 90th percentile. */
export interface TrendFigure {
  readonly width: number;
  readonly height: number;
  readonly alternative: string;
  readonly heads: readonly Label[];
  readonly bars: readonly Bar[];
  readonly counts: readonly Label[];
  readonly ranges: readonly string[];
  readonly medians: readonly { readonly x: number; readonly y: number }[];
  readonly times: readonly Label[];
  readonly rules: readonly { readonly x1: number; readonly x2: number; readonly y: number }[];
  readonly ticks: readonly Label[];
  readonly months: readonly Label[];
}

const width = 700;
const left = 48;
const barsBottom = 92;
const barsHeight = 56;
const timesTop = 124;
const timesHeight = 58;

const [minute, hour, day] = [60, 3600, 86_400];
const steps = [minute, 10 * minute, hour, 6 * hour, day, 7 * day, 30 * day, 180 * day, 1000 * day];

/** Draws the trend of the organisation, or of whatever its months measure; null with fewer than two months. */
export function trendFigure(months: readonly TrendMonth[]): TrendFigure | null {
  if (months.length < 2) return null;
  const column = (width - left) / months.length;
  const bar = Math.min(30, column * 0.52);
  const middle = (index: number): number => round(left + column * (index + 0.5));
  const most = Math.max(1, ...months.map(({ measures }) => measures.deployments ?? 0));
  const heights = months.map(({ measures }) => (barsHeight * (measures.deployments ?? 0)) / most);
  const times = months.flatMap(({ measures: { leadTimeMedian, leadTimeP90 } }) =>
    leadTimeMedian === null ? [] : [leadTimeMedian, leadTimeP90 ?? leadTimeMedian],
  );
  const scale = logarithmic(times);
  const ends = months.flatMap(({ measures: { leadTimeMedian: median, leadTimeP90: p90 } }, index) =>
    median === null ? [] : [{ x: middle(index), y: scale.y(median), top: scale.y(p90 ?? median), median }],
  );
  const bottom = timesTop + timesHeight;
  return {
    width,
    height: bottom + 24,
    alternative: alternative(months),
    heads: [
      { x: 0, y: 11, text: "deployments" },
      { x: 0, y: timesTop - 10, text: "lead time: median (dot) to 90th percentile" },
    ],
    bars: months.map(({ inPeriod, partial }, index) => ({
      path: barPath(middle(index) - bar / 2, barsBottom - (heights[index] ?? 0), bar),
      kind: inPeriod ? "now" : "then",
      hatch: partial ? hatch(middle(index) - bar / 2, bar, heights[index] ?? 0) : null,
      clip: `trend-clip-${index}`,
    })),
    counts: months.map(({ measures, partial }, index) => ({
      x: middle(index),
      y: round(barsBottom - (heights[index] ?? 0) - 5),
      text: measures.deployments === null ? "–" : `${number(measures.deployments)}${partial ? "*" : ""}`,
    })),
    ranges: ends.map(({ x, y, top }) => `M${x} ${y}V${top}M${round(x - 5)} ${top}H${round(x + 5)}`),
    medians: ends.map(({ x, y }) => ({ x, y })),
    times: ends.map(({ x, y, median }) => ({ x: round(x + 7), y: round(y + 4), text: roughly(median) })),
    rules: [{ x1: left, x2: width, y: barsBottom }, ...scale.ticks.map(({ y }) => ({ x1: left, x2: width, y }))],
    ticks: scale.ticks.map(({ y, text }) => ({ x: left - 8, y: round(y + 4), text })),
    months: months.map(({ id }, index) => ({ x: middle(index), y: bottom + 18, text: id })),
  };
}

/** Where a time stands between the steps around all of them. */
function logarithmic(times: readonly number[]) {
  const [least, most] = [Math.max(1, Math.min(...times)), Math.max(1, ...times)];
  const low = steps.findLast((step) => step <= least) ?? 1;
  const high = steps.find((step) => step > low && step >= most) ?? most * 2;
  const y = (seconds: number): number =>
    round(
      timesTop +
        timesHeight * (1 - (Math.log(Math.max(seconds, low)) - Math.log(low)) / (Math.log(high) - Math.log(low))),
    );
  const shown = times.length === 0 ? [] : steps.filter((step) => step >= low && step <= high);
  return { y, ticks: shown.map((step) => ({ y: y(step), text: roughly(step) })) };
}

const round = (value: number): number => Math.round(value * 100) / 100;

const barPath = (x: number, top: number, wide: number): string =>
  `M${round(x)} ${barsBottom}V${round(top)}H${round(x + wide)}V${barsBottom}Z`;

function hatch(x: number, wide: number, height: number): string {
  const lines: string[] = [];
  for (let from = x - height; from < x + wide; from += 4)
    lines.push(`M${round(from)} ${barsBottom}l${round(height)} ${round(-height)}`);
  return lines.join("");
}

function alternative(months: readonly TrendMonth[]): string {
  const told = months.map(({ id, partial, measures: { deployments, leadTimeMedian, leadTimeP90 } }) => {
    const made = deployments === null ? "not measured" : counted(deployments, "deployment");
    const lead =
      leadTimeMedian === null
        ? "no lead time"
        : `lead time ${duration(leadTimeMedian)} in the median, ${duration(leadTimeP90 ?? leadTimeMedian)} at the 90th percentile`;
    return `${id}: ${made}, ${lead}${partial ? ", not observed whole" : ""}`;
  });
  return `By month. ${told.join("; ")}.`;
}
