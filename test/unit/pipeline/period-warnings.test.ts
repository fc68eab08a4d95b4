import { describe, expect, it } from "vitest";
import type { Config } from "../../../src/config/config.ts";
import { periodWarnings } from "../../../src/pipeline/period-warnings.ts";
import { parsePeriod } from "../../../src/util/period.ts";
import { load, minimal } from "../config/config-file.ts";

const config: Config = load(minimal.replace("since: 2026-01-01", "since: 2026-04-15"));
const at = (now: string) => ({ config, clock: () => new Date(now) });
const period = (text: string, cutAt: string | null = null) => ({
  ...parsePeriod(text, "UTC", new Date("2026-11-03T03:00:00Z")),
  asOf: "2026-11-03T03:00:00Z",
  cutAt,
});

describe("the warnings of a period", () => {
  it("are none where it was collected from its beginning to its end", () => {
    expect(periodWarnings(at("2026-11-03T03:00:00Z"), period("2026-10"))).toEqual([]);
  });

  it("say that it begins, or lies, before collecting does", () => {
    const now = at("2026-11-03T03:00:00Z");
    expect(periodWarnings(now, period("2026-04"))).toEqual([
      expect.stringMatching(/^the period 2026-04 begins before 2026-04-15T00:00:00Z, where collecting starts/),
    ]);
    expect(periodWarnings(now, period("2026-03"))).toEqual([
      expect.stringMatching(/^the period 2026-03 lies before .* Set `since` to an earlier day and collect again$/),
    ]);
  });

  it("say until when it was observed where it is not over, or was not collected to its end", () => {
    const cut = "2026-10-20T03:00:00Z";
    expect(periodWarnings(at("2026-10-20T03:00:00Z"), period("2026-10", cut))).toEqual([
      `the period 2026-10 is not over until 2026-11-01T00:00:00Z: the pack ends at ${cut}. Collect and report again when it is over`,
    ]);
    expect(periodWarnings(at("2026-11-03T03:00:00Z"), period("2026-10", cut))).toEqual([
      expect.stringMatching(/^the period 2026-10 was observed only until 2026-10-20T03:00:00Z/),
    ]);
  });
});
