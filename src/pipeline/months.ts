import { instant } from "../util/clock.ts";
import { type Period, parsePeriod } from "../util/period.ts";

/** A calendar month, or the part of one that a period has. */
export interface Month {
  /** `2026-10`. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly inPeriod: boolean;
}

const most = 12;

/** The months of a period, cut to it, and whole ones before it back to `earliest`, oldest first: twelve in all, or as many as the period has. */
export function monthsOf(period: Omit<Period, "id">, timezone: string, earliest: string): readonly Month[] {
  const dayOf = new Intl.DateTimeFormat("sv-SE", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const monthAt = (at: string): string => dayOf.format(Date.parse(at)).slice(0, 7);
  const whole = (id: string): Period => parsePeriod(id, timezone, new Date(0));
  const months: Month[] = [];
  let id = monthAt(instant(new Date(Date.parse(period.to) - 1000)));
  while (true) {
    const { from, to } = whole(id);
    const inPeriod = to > period.from;
    if (!inPeriod && (months.length >= most || to <= earliest)) break;
    months.unshift({
      id,
      from: inPeriod && from < period.from ? period.from : from,
      to: to > period.to ? period.to : to,
      inPeriod,
    });
    id = monthAt(instant(new Date(Date.parse(from) - 1000)));
  }
  return months;
}
