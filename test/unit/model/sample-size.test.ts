import { describe, expect, it } from "vitest";
import { binomialSize, samplePresets } from "../../../src/model/sample-size.ts";

describe("the size of a sample", () => {
  it.each([
    [90, 10, [22, 38, 52]],
    [95, 10, [29, 46, 61]],
    [90, 5, [45, 77, 105]],
    [95, 5, [59, 93, 124]],
  ])(
    "for %i %% confidence and %i %% tolerable deviations is the published one for 0, 1 and 2",
    (confidence, tolerable, sizes) => {
      expect([0, 1, 2].map((expected) => binomialSize({ confidence, tolerable, expected }))).toEqual(sizes);
    },
  );

  it("is common practice where a frequency is named", () => {
    expect(samplePresets).toEqual({ daily: 25, weekly: 5, monthly: 2, "many-a-day": 60, automated: 1 });
  });

  it.each([0, 100, -5, Number.NaN])("has no meaning for a rate of %d per cent", (rate) => {
    expect(() => binomialSize({ confidence: rate, tolerable: 5, expected: 0 })).toThrow(RangeError);
    expect(() => binomialSize({ confidence: 95, tolerable: rate, expected: 0 })).toThrow(RangeError);
  });
});
