import { describe, expect, it } from "vitest";
import { boardMeetings } from "../../../src/pipeline/board-meetings.ts";
import { monthsOf } from "../../../src/pipeline/months.ts";
import { observedIn } from "../../../src/pipeline/observed-span.ts";
import { parsePeriod } from "../../../src/util/period.ts";

const period = (text: string, timezone: string) => parsePeriod(text, timezone, new Date());
const since = "2026-06-01T00:00:00Z";

describe("the months of a trend", () => {
  it("are the period's and those before it, as far as collecting reaches", () => {
    const months = monthsOf(period("2026-10", "UTC"), "UTC", since);
    expect(months.map(({ id }) => id)).toEqual(["2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]);
    expect(months.map(({ inPeriod }) => inPeriod)).toEqual([false, false, false, false, true]);
  });

  it("are twelve at most, unless the period has more", () => {
    expect(monthsOf(period("2026-10", "UTC"), "UTC", "2020-01-01T00:00:00Z")).toHaveLength(12);
    expect(monthsOf(period("2025-01-01..2026-06-30", "UTC"), "UTC", "2020-01-01T00:00:00Z")).toHaveLength(18);
  });

  it("leave no hole and no overlap, and those of the period are the period", () => {
    for (const [text, timezone] of [
      ["2026-Q4", "Europe/Berlin"],
      ["2026-10-05..2026-11-10", "America/New_York"],
      ["2026-03", "Pacific/Auckland"],
    ] as const) {
      const wanted = period(text, timezone);
      const months = monthsOf(wanted, timezone, "2026-01-15T00:00:00Z");
      const own = months.filter(({ inPeriod }) => inPeriod);
      expect(own[0]?.from).toBe(wanted.from);
      expect(own.at(-1)?.to).toBe(wanted.to);
      for (const [index, month] of own.entries()) if (index > 0) expect(month.from).toBe(own[index - 1]?.to);
    }
  });
});

describe("the meetings of a board", () => {
  const board = { everyDays: 14, cutOffDays: 3 };

  it("begin on the period's first Wednesday and reach past the last merge", () => {
    const meetings = boardMeetings({ from: "2026-10-01T00:00:00Z", until: "2026-11-01T00:00:00Z" }, "UTC", board);
    expect(meetings.map(({ at }) => at)).toEqual([
      "2026-10-07T00:00:00Z",
      "2026-10-21T00:00:00Z",
      "2026-11-04T00:00:00Z",
      "2026-11-18T00:00:00Z",
    ]);
    expect(meetings[0]).toMatchObject({ cutOff: "2026-10-04T00:00:00Z", release: "2026-10-08T00:00:00Z" });
  });

  it("are days of the pack's time zone, whatever its clocks do", () => {
    const span = { from: "2026-09-30T22:00:00Z", until: "2026-10-31T23:00:00Z" };
    const meetings = boardMeetings(span, "Europe/Berlin", board);
    expect(meetings.slice(0, 3).map(({ at }) => at)).toEqual([
      "2026-10-06T22:00:00Z",
      "2026-10-20T22:00:00Z",
      "2026-11-03T23:00:00Z",
    ]);
  });
});

describe("what was observed of a span", () => {
  const at = (day: number) => `2026-10-${String(day).padStart(2, "0")}T00:00:00Z`;
  const complete = (from: number, to: number) => ({ status: "complete" as const, from: at(from), to: at(to) });
  const span = { from: at(5), to: at(20) };

  it("is complete only where whole looks leave no hole", () => {
    expect(observedIn([complete(10, 25), complete(1, 10)], span)).toBe("complete");
    expect(observedIn([complete(11, 25), complete(1, 10)], span)).toBe("partial");
    expect(observedIn([complete(1, 19)], span)).toBe("partial");
    expect(observedIn([{ ...complete(1, 25), status: "partial" }], span)).toBe("partial");
  });

  it("is nothing where no look touches it, or none could read", () => {
    expect(observedIn([complete(20, 25), complete(1, 5)], span)).toBe("unobserved");
    expect(observedIn([{ ...complete(1, 25), status: "unobserved" }], span)).toBe("unobserved");
  });
});
