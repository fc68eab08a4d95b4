import { expect, test } from "vitest";
import { matchesRef } from "../../../../src/providers/github/ref-pattern.ts";

test.each([
  ["refs/heads/main", "refs/heads/main", true],
  ["refs/heads/main", "refs/heads/main2", false],
  ["refs/heads/*", "refs/heads/main", true],
  ["refs/heads/*", "refs/heads/release/1", false],
  ["refs/heads/release/**/*", "refs/heads/release/1", true],
  ["refs/heads/release/**/*", "refs/heads/release/2026/10/1", true],
  ["refs/heads/**", "refs/heads/a/b/c", true],
  ["release-?", "release-1", true],
  ["release-?", "release-10", false],
  ["release-[0-9]", "release-7", true],
  ["release-[!0-9]", "release-7", false],
  ["qa.fix", "qa-fix", false],
  ["a(b", "a(b", true],
])("%s matches %s: %s", (pattern, name, matches) => {
  expect(matchesRef(pattern, name)).toBe(matches);
});
