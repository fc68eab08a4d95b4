import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/util/errors.ts";
import { parseCutOff, parsePeriod, startOfDayIn } from "../../../src/util/period.ts";

const now = new Date("2026-11-03T10:00:00Z");
const hours = ({ from, to }: { from: string; to: string }): number => (Date.parse(to) - Date.parse(from)) / 3_600_000;

describe("a period", () => {
  it.each([
    ["2026-10", "2026-10", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"],
    ["2026-12", "2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"],
    ["last-month", "2026-10", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"],
    ["2026-Q3", "2026-Q3", "2026-07-01T00:00:00Z", "2026-10-01T00:00:00Z"],
    ["2026-q4", "2026-Q4", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z"],
    ["2026", "2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"],
    ["2026-10-01..2026-10-15", "2026-10-01..2026-10-15", "2026-10-01T00:00:00Z", "2026-10-16T00:00:00Z"],
    ["2026-10-31..2026-10-31", "2026-10-31..2026-10-31", "2026-10-31T00:00:00Z", "2026-11-01T00:00:00Z"],
  ])("%s is %s, from %s to before %s", (text, id, from, to) => {
    expect(parsePeriod(text, "UTC", now)).toEqual({ id, from, to });
  });

  it("starts and ends at midnight of its zone, across both changes of the clocks", () => {
    expect(parsePeriod("2026-10", "Europe/Berlin", now)).toEqual({
      id: "2026-10",
      from: "2026-09-30T22:00:00Z",
      to: "2026-10-31T23:00:00Z",
    });
    expect(parsePeriod("2026-03", "Europe/Berlin", now)).toEqual({
      id: "2026-03",
      from: "2026-02-28T23:00:00Z",
      to: "2026-03-31T22:00:00Z",
    });
    expect(hours(parsePeriod("2026-10-25..2026-10-25", "Europe/Berlin", now))).toBe(25);
    expect(hours(parsePeriod("2026-03-29..2026-03-29", "Europe/Berlin", now))).toBe(23);
  });

  it("starts with its first instant where midnight does not exist, and ends at a plain midnight after it", () => {
    expect(parsePeriod("2018-11-04..2018-11-04", "America/Sao_Paulo", now)).toMatchObject({
      from: "2018-11-04T03:00:00Z",
      to: "2018-11-05T02:00:00Z",
    });
  });

  it("takes last-month from the zone's own calendar", () => {
    const night = new Date("2026-10-31T23:30:00Z");
    expect(parsePeriod("last-month", "Europe/Berlin", night).id).toBe("2026-10");
    expect(parsePeriod("last-month", "America/New_York", night).id).toBe("2026-09");
    expect(parsePeriod("last-month", "UTC", new Date("2027-01-01T00:00:00Z")).id).toBe("2026-12");
  });

  it("leaves no gap and no overlap between neighbours", () => {
    const months = Array.from({ length: 12 }, (_, index) =>
      parsePeriod(`2026-${String(index + 1).padStart(2, "0")}`, "Europe/Berlin", now),
    );
    for (const [index, month] of months.entries()) if (index > 0) expect(month.from).toBe(months[index - 1]?.to);
    expect([months[0]?.from, months[11]?.to]).toEqual(
      Object.values(parsePeriod("2026", "Europe/Berlin", now)).slice(1),
    );
  });

  it.each([
    "2026-13",
    "2026-Q5",
    "october",
    "",
    "2026-10-01..",
    "2026-02-30..2026-03-01",
    "2026-10-15..2026-10-01",
    "26-10",
  ])("is not %j", (text) => {
    expect(() => parsePeriod(text, "UTC", now)).toThrow(ConfigError);
  });
});

describe("a cut-off", () => {
  it("is an instant, or the end of a day in the zone", () => {
    expect(parseCutOff("2026-11-03T08:00:00Z", "Europe/Berlin")).toBe("2026-11-03T08:00:00Z");
    expect(parseCutOff("2026-11-03T08:00+01:00", "UTC")).toBe("2026-11-03T07:00:00Z");
    expect(parseCutOff("2026-10-25", "Europe/Berlin")).toBe("2026-10-25T23:00:00Z");
    expect(() => parseCutOff("2026-11-03 08:00", "UTC")).toThrow(ConfigError);
    expect(() => parseCutOff("2026-11-31", "UTC")).toThrow(/no day 2026-11-31/);
  });
});

describe("a day", () => {
  it("begins at midnight of its zone", () => {
    expect(startOfDayIn("2026-01-01", "Europe/Berlin")).toBe("2025-12-31T23:00:00Z");
  });
});
