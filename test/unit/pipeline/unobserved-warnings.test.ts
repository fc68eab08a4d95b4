import { describe, expect, it } from "vitest";
import { unobservedWarnings } from "../../../src/pipeline/unobserved-warnings.ts";
import type { ScopedRepository } from "../../../src/store/dossiers/index.ts";

const repository: ScopedRepository = {
  system: "payments",
  team: "payments",
  source: "github",
  key: "github/7",
  name: "riverbank/payments",
  url: "",
  branch: "main",
  promotedThrough: [],
  environments: ["production"],
  profile: "continuous",
  paths: [],
};
const span = { from: "2026-10-01T00:00:00Z", to: "2026-11-01T00:00:00Z" };
const unseen = (stream: string, reason = "the token may not read it") =>
  ({ ...span, stream, status: "unobserved", reason }) as const;

describe("what a run could not see", () => {
  it("is said with scope and reason, of required evidence alone", () => {
    const states = [
      unseen("github/7/checks"),
      unseen("github/7/commits/prod", "no such branch"),
      unseen("github/7/access"),
      unseen("github/7/deployments/workflow/old.yml/job"),
      { ...span, stream: "github/7/reviews", status: "complete" } as const,
    ];
    expect(unobservedWarnings(states, [repository])).toEqual([
      "not observed: checks of riverbank/payments: the token may not read it",
      "not observed: commits prod of riverbank/payments: no such branch",
    ]);
  });

  it("is counted after ten", () => {
    const lines = unobservedWarnings(
      Array.from({ length: 13 }, (_, at) => unseen(`github/7/commits/b${at}`)),
      [repository],
    );
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toContain("3 more streams; see them with `flowproof status`");
  });
});
