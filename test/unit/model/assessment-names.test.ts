import { describe, expect, test } from "vitest";
import { assessmentResultSchema } from "../../../src/model/assessment.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

describe("an assessment that somebody else hands over", () => {
  const result = assessmentFixture();
  const said = (slug: string, id: string) => ({
    ...result,
    organisation: { ...result.organisation, slug },
    period: { ...result.period, id },
  });

  test("is read where the names that folders are called after lead into no other folder", () => {
    for (const id of ["2026-10", "2026-Q3", "2026-10-01..2026-10-15"])
      expect(assessmentResultSchema.safeParse(said("riverbank-sohne", id)).success).toBe(true);
    for (const name of ["../../elsewhere/x", "..", "/etc", "a/b", "a\\b", "", "a\0"]) {
      expect(assessmentResultSchema.safeParse(said(name, "2026-10")).success).toBe(false);
      expect(assessmentResultSchema.safeParse(said("riverbank", name)).success).toBe(false);
    }
  });
});
