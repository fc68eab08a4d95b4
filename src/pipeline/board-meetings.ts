import type { Meeting } from "../flow/index.ts";
import { startOfDayIn } from "../util/period.ts";

/** The meetings of a board from the first Wednesday of a span on, until one takes what merged last; each at the start of its day, as is its cut-off, and its release the day after. */
export function boardMeetings(
  { from, until }: { readonly from: string; readonly until: string },
  timezone: string,
  { everyDays, cutOffDays }: { readonly everyDays: number; readonly cutOffDays: number },
): readonly Meeting[] {
  const local = new Intl.DateTimeFormat("sv-SE", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const start = (day: number): string => startOfDayIn(new Date(day).toISOString().slice(0, 10), timezone);
  let day = Date.parse(`${local.format(Date.parse(from))}T00:00:00Z`);
  if (start(day) < from) day += oneDay;
  while (new Date(day).getUTCDay() !== wednesday) day += oneDay;
  const meetings: Meeting[] = [];
  do {
    meetings.push({ cutOff: start(day - cutOffDays * oneDay), at: start(day), release: start(day + oneDay) });
    day += everyDays * oneDay;
  } while ((meetings.at(-1)?.cutOff ?? "") <= until);
  return meetings;
}

const oneDay = 86_400_000;
const wednesday = 3;
