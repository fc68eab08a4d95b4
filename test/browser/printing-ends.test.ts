import { describe, expect, it } from "vitest";
import { printPdf } from "../../src/pack/print.ts";
import { renderDocument } from "../../src/report/index.ts";
import { assessmentFixture } from "../fixtures/assessment.ts";

describe("a printing that is ended", () => {
  it.each([/^printing \d+ parts/, /^printing, [2-9] of/, /^printing \d+ pages/])(
    "at %s says why to its caller alone, and nothing fails unheard",
    async (step) => {
      const unheard: unknown[] = [];
      const hear = (error: unknown): void => void unheard.push(error);
      process.on("unhandledRejection", hear);
      const controller = new AbortController();
      try {
        const printing = printPdf(renderDocument(assessmentFixture()), {
          rows: 60,
          signal: controller.signal,
          onProgress: (text) => {
            if (step.test(text)) controller.abort(new Error("interrupted by SIGINT"));
          },
        });
        await expect(printing).rejects.toThrow("interrupted by SIGINT");
        await new Promise((resolve) => setTimeout(resolve, 300));
        expect(unheard).toEqual([]);
      } finally {
        process.off("unhandledRejection", hear);
      }
    },
  );
});
