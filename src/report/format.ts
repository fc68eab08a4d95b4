import { number } from "../model/number.ts";

export { number };

/** Formats dates and times in the pack's time zone. */
export interface TimeFormat {
  /** `2026-10-03 14:05`, for tables. */
  readonly minute: (instant: string) => string;
  /** `2026-10-03 14:05`; of what is known as an interval only, `between 2026-10-02 09:00 and 2026-10-03 14:05`. */
  readonly within: (when: { readonly at: string; readonly notBefore?: string | undefined }) => string;
  /** Each instant in a sentence as `2026-10-03 14:05:09` of the pack's zone, to the second that decides an order. */
  readonly inText: (text: string) => string;
  /** `4 November 2026, 06:00`, for sentences. */
  readonly long: (instant: string) => string;
  /** `4 November 2026`. */
  readonly day: (instant: string) => string;
  /** The half-open interval in words: `1 to 31 October 2026`, with times where it does not begin and end at midnight. */
  readonly span: (from: string, to: string) => string;
}

/** The formats for an IANA time zone; the same on every machine with full ICU data, as Node carries it. */
export function timeFormat(timezone: string): TimeFormat {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const read = (time: number): Record<"year" | "month" | "day" | "hour" | "minute", string> =>
    Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value])) as never;
  const short = new Intl.DateTimeFormat("sv-SE", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const day = (time: number): string => {
    const { day, month, year } = read(time);
    return `${day} ${month} ${year}`;
  };
  const long = (instant: string): string => {
    const { hour, minute } = read(Date.parse(instant));
    return `${day(Date.parse(instant))}, ${hour}:${minute}`;
  };
  const minute = (instant: string): string => short.format(Date.parse(instant));
  const midnight = (instant: string): boolean => long(instant).endsWith(", 00:00");
  return {
    minute,
    within: ({ at, notBefore }) =>
      notBefore === undefined ? minute(at) : `between ${minute(notBefore)} and ${minute(at)}`,
    inText: (text) =>
      // Most have none.
      text.includes("Z")
        ? text.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)Z\b/g, (instant, seconds: string) => {
            const time = Date.parse(instant);
            return Number.isNaN(time) ? instant : `${short.format(time)}${seconds}`;
          })
        : text,
    long,
    day: (instant) => day(Date.parse(instant)),
    span: (from, to) => {
      if (!midnight(from) || !midnight(to)) return `${long(from)} to ${long(to)}`;
      const first = read(Date.parse(from));
      const last = read(Date.parse(to) - 1000);
      const end = day(Date.parse(to) - 1000);
      if (day(Date.parse(from)) === end) return end;
      if (first.year !== last.year) return `${day(Date.parse(from))} to ${end}`;
      return first.month === last.month ? `${first.day} to ${end}` : `${first.day} ${first.month} to ${end}`;
    },
  };
}

const small = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/** A count in running text: `five`, `18,204`. */
export function words(value: number): string {
  return small[value] ?? number(value);
}

/** `1 change`, `2 changes`; the plural by -s unless given. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** `a, b and c`. */
export function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** Starts the sentence with a capital. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A share in per cent with as many digits as keep 0 and 100 for exactly none and all. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return "–";
  const share = (100 * part) / whole;
  if (part === 0 || part === whole) return `${share} %`;
  if (share < 0.1) return "< 0.1 %";
  if (share > 99.9) return "> 99.9 %";
  return `${Number(share.toFixed(1))} %`;
}

/** A duration in the two units that matter: `3 d 4 h`, `5 h 12 min`, `40 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (d > 0) return h > 0 ? `${d} d ${h} h` : `${d} d`;
  if (h > 0) return m > 0 ? `${h} h ${m} min` : `${h} h`;
  return `${m} min`;
}

/** A duration in the one unit that matters, for figures and narrow columns: `23 h`, `1.5 d`. */
export function roughly(seconds: number): string {
  const [minutes, hours, days] = [seconds / 60, seconds / 3600, seconds / 86_400];
  if (minutes < 1) return `${Math.round(seconds)} s`;
  if (Math.round(minutes) < 60) return `${Math.round(minutes)} min`;
  if (Math.round(hours) < 24) return `${Math.round(hours)} h`;
  return days < 9.95 ? `${Number(days.toFixed(1))} d` : `${number(Math.round(days))} d`;
}

/** A long hexadecimal digest in groups of eight, which a person can compare and a line can break. */
export function grouped(hex: string): string {
  return hex.replace(/(.{8})(?=.)/g, "$1 ");
}
