import { describe, expect, it } from "vitest";
import { counted, duration, list, percent, timeFormat } from "../../../src/report/format.ts";

describe("times in the organisation's zone", () => {
  const berlin = timeFormat("Europe/Berlin");

  it("are those of the wall clock, across the change of the clocks", () => {
    expect(berlin.minute("2026-10-25T00:30:00Z")).toBe("2026-10-25 02:30");
    expect(berlin.minute("2026-10-25T01:30:00Z")).toBe("2026-10-25 02:30");
    expect(berlin.long("2026-11-04T05:00:00Z")).toBe("4 November 2026, 06:00");
  });

  it("replace those of sentences, to the second", () => {
    expect(berlin.inText("merged at 2026-10-05T15:00:07Z, not 2026-13-45T99:00:00Z")).toBe(
      "merged at 2026-10-05 17:00:07, not 2026-13-45T99:00:00Z",
    );
  });

  it.each([
    ["2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z", "1 to 31 October 2026"],
    ["2026-06-30T22:00:00Z", "2026-09-30T22:00:00Z", "1 July to 30 September 2026"],
    ["2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z", "1 January to 31 December 2026"],
    ["2026-11-30T23:00:00Z", "2027-01-31T23:00:00Z", "1 December 2026 to 31 January 2027"],
    ["2026-10-13T22:00:00Z", "2026-10-14T22:00:00Z", "14 October 2026"],
    ["2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z", "1 October 2026, 02:00 to 2 October 2026, 02:00"],
  ])("%s to %s is %s", (from, to, said) => expect(berlin.span(from, to)).toBe(said));
});

it("never rounds some to none or to all", () => {
  expect([percent(0, 9), percent(9, 9), percent(1, 10_000), percent(9999, 10_000), percent(1, 8)]).toEqual([
    "0 %",
    "100 %",
    "< 0.1 %",
    "> 99.9 %",
    "12.5 %",
  ]);
});

it("writes counts, lists and durations as a person would", () => {
  expect([counted(1, "commit"), counted(18_204, "commit")]).toEqual(["1 commit", "18,204 commits"]);
  expect([list([]), list(["a"]), list(["a", "b", "c"])]).toEqual(["", "a", "a, b and c"]);
  expect([duration(40), duration(3600 * 26), duration(3600 * 5 + 720)]).toEqual(["40 s", "1 d 2 h", "5 h 12 min"]);
});
