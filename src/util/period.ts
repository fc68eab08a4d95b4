import { TZDate } from "@date-fns/tz";
// By their own paths: the package's index takes a second to load.
import { addDays } from "date-fns/addDays";
import { addMonths } from "date-fns/addMonths";
import { startOfDay } from "date-fns/startOfDay";
import { instant } from "./clock.ts";
import { ConfigError } from "./errors.ts";

/** A half-open interval [from, to) of instants in UTC, under the name that packs and folders carry. */
export interface Period {
  /** `2026-10`, `2026-Q3`, `2026` or `2026-10-01..2026-10-15`. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** What a period may look like, for help texts. */
export const periodForms = "2026-10, last-month, 2026-Q3, 2026 or 2026-10-01..2026-10-15 (both days included)";

/** Reads a period in the given IANA time zone; `a..b` includes the whole of day b. `now` decides what `last-month` is. Throws ConfigError. */
export function parsePeriod(text: string, timezone: string, now: Date): Period {
  const months = (id: string, year: number, month: number, count: number): Period => {
    const from = new TZDate(year, month - 1, 1, timezone);
    return { id, from: utc(from), to: utc(startOfDay(addMonths(from, count))) };
  };

  if (text === "last-month") {
    const today = new TZDate(now, timezone);
    const first = addMonths(new TZDate(today.getFullYear(), today.getMonth(), 1, timezone), -1);
    const [year, month] = [first.getFullYear(), first.getMonth() + 1];
    return months(`${year}-${String(month).padStart(2, "0")}`, year, month, 1);
  }
  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (month) return months(text, Number(month[1]), Number(month[2]), 1);
  const quarter = /^(\d{4})-[Qq]([1-4])$/.exec(text);
  if (quarter) return months(text.toUpperCase(), Number(quarter[1]), Number(quarter[2]) * 3 - 2, 3);
  if (/^\d{4}$/.test(text)) return months(text, Number(text), 1, 12);

  const range = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(text);
  if (range?.[1] && range[2]) {
    const from = startOfNamedDay(range[1], timezone);
    const to = dayAfter(range[2], timezone);
    if (to <= from)
      throw new ConfigError(`the period ${text} ends before it starts`, { hint: "Write the earlier day first." });
    return { id: text, from: utc(from), to: utc(to) };
  }
  throw new ConfigError(`"${text}" is not a period`, { hint: `Write ${periodForms}.` });
}

/** Reads a cut-off: an instant such as `2026-11-03T08:00:00Z`, or a day, which means the end of that day in the time zone. Throws ConfigError. */
export function parseCutOff(text: string, timezone: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) {
    return utc(dayAfter(text, timezone));
  }
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text) ? new Date(text) : undefined;
  if (!at || Number.isNaN(at.getTime())) {
    throw new ConfigError(`"${text}" is not a cut-off`, {
      hint: "Write a day (its end is meant) such as 2026-11-03, or an instant such as 2026-11-03T08:00:00Z.",
    });
  }
  return instant(at);
}

/** The first instant of a day `2026-10-01` in the time zone, as an ISO instant. Throws ConfigError when there is no such day. */
export function startOfDayIn(day: string, timezone: string): string {
  return utc(startOfNamedDay(day, timezone));
}

// Midnight again, where the clocks' change took the first day's.
const dayAfter = (day: string, timezone: string): TZDate => startOfDay(addDays(startOfNamedDay(day, timezone), 1));

function startOfNamedDay(day: string, timezone: string): TZDate {
  const noon = new Date(`${day}T12:00:00Z`);
  if (Number.isNaN(noon.getTime()) || noon.toISOString().slice(0, 10) !== day) {
    throw new ConfigError(`there is no day ${day}`, { hint: "Write days as 2026-10-01." });
  }
  return new TZDate(noon.getUTCFullYear(), noon.getUTCMonth(), noon.getUTCDate(), timezone);
}

// A TZDate writes itself with its zone's offset.
function utc(date: Date): string {
  return instant(new Date(date.getTime()));
}

/** The day that an instant falls on in a time zone, `2026-10-31`. */
export const dayIn = (at: string, timezone: string): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, year: "numeric", month: "2-digit", day: "2-digit" }).format(
    Date.parse(at),
  );
