import { describe, expect, it } from "vitest";
import {
  covers,
  matchRepositories,
  ownersOf,
  type RepositoryPattern,
} from "../../../src/config/repository-patterns.ts";

const taken = (pattern: string): RepositoryPattern => ({ pattern, excludes: false });
const leftOut = (pattern: string, reason?: string): RepositoryPattern => ({
  pattern,
  excludes: true,
  ...(reason ? { reason } : {}),
});

describe("repository patterns", () => {
  it("put every repository in scope, out of it, or on the list of those nobody named, with the reason", () => {
    const patterns = [
      taken("riverbank/*"),
      leftOut("riverbank/sandbox-*"),
      leftOut("riverbank/old", "archived in 2024"),
    ];
    const names = ["riverbank/payments", "riverbank/sandbox-a", "riverbank/old", "other/payments"];
    expect(matchRepositories(patterns, names).repositories).toEqual([
      { name: "riverbank/payments", status: "inScope", reason: 'taken in by "riverbank/*" in the configuration' },
      {
        name: "riverbank/sandbox-a",
        status: "excluded",
        reason: 'left out by "!riverbank/sandbox-*" in the configuration',
      },
      { name: "riverbank/old", status: "excluded", reason: "archived in 2024" },
      { name: "other/payments", status: "unlisted", reason: "no pattern in the configuration names it" },
    ]);
  });

  it("report what matches nothing, as written", () => {
    const patterns = [taken("riverbank/paymnts"), taken("riverbank/*"), leftOut("riverbank/gone-*")];
    expect(matchRepositories(patterns, ["riverbank/payments"]).unmatched).toEqual([
      "riverbank/paymnts",
      "!riverbank/gone-*",
    ]);
  });

  it("compare as the source does: without case, dots as dots, a star within the name", () => {
    expect(covers([taken("Riverbank/pay.api")], "riverbank/PAY.api")).toBe(true);
    expect(covers([taken("riverbank/pay.api")], "riverbank/pay-api")).toBe(false);
    expect(covers([taken("riverbank/*-api")], "riverbank/pay-api")).toBe(true);
    expect(covers([taken("riverbank/*")], "riverbank/a/b")).toBe(false);
  });

  it("name their owners once", () => {
    expect(ownersOf([taken("riverbank/*"), taken("Riverbank/x"), taken("delta/*"), leftOut("other/*")])).toHaveLength(
      2,
    );
  });
});
