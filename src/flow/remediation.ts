import type { Delivery, Remediation } from "../model/assessment/delivery.ts";
import type { Span } from "./measures.ts";
import { medianAndP90, secondsBetween } from "./percentile.ts";

/** A security alert's life as far as it is known. */
export interface Alert {
  readonly severity: string;
  readonly openedAt: string;
  readonly fixedAt: string | null;
  readonly dismissedAt: string | null;
}

const gravity = ["critical", "high", "error", "medium", "moderate", "warning", "low", "note"];

/** Opened to fixed, of the alerts fixed in the span, by severity, gravest first; a dismissal is no remedy. */
export function remediationOf(alerts: readonly Alert[], span: Span): NonNullable<Delivery["remediation"]> {
  const rank = (severity: string): number => (gravity.includes(severity) ? gravity.indexOf(severity) : gravity.length);
  const bySeverity = [...Map.groupBy(alerts, ({ severity }) => severity.toLowerCase())]
    .map(([severity, own]) => ({ severity, ...rowOf(own, span) }))
    .filter(({ fixed, openAtEnd }) => fixed + openAtEnd > 0)
    .sort((a, b) => rank(a.severity) - rank(b.severity) || (a.severity < b.severity ? -1 : 1));
  return { all: { severity: null, ...rowOf(alerts, span) }, bySeverity };
}

function rowOf(alerts: readonly Alert[], { from, to }: Span): Omit<Remediation, "severity"> {
  const fixed = alerts.flatMap(({ openedAt, fixedAt }) =>
    fixedAt !== null && fixedAt >= from && fixedAt < to ? [secondsBetween(openedAt, fixedAt)] : [],
  );
  const times = medianAndP90(fixed);
  const isOpen = ({ openedAt, fixedAt, dismissedAt }: Alert): boolean =>
    openedAt < to && [fixedAt, dismissedAt].every((at) => at === null || at >= to);
  return {
    fixed: fixed.length,
    median: times?.median ?? null,
    p90: times?.p90 ?? null,
    openAtEnd: alerts.filter(isOpen).length,
  };
}
