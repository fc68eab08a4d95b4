import { writeFileSync } from "node:fs";
import type { LogicTest } from "../model/assessment.ts";
import { sortedJson } from "../report/index.ts";
import { toolVersion } from "../util/version.ts";
import { judgingDigest, logicTestFile } from "./logic-test.ts";
import type { ScenariosSummary } from "./scenarios.ts";

/** What the scenarios came to, as the file holds it: the same code and scenarios give the same. */
export function logicTestOf({ scenarios, beyond }: Pick<ScenariosSummary, "scenarios" | "beyond">): LogicTest {
  return {
    version: toolVersion(),
    digest: judgingDigest() ?? "",
    beyond: beyond.length,
    scenarios: scenarios
      .map(({ name, title, covers, expected, found, differences }) => ({
        id: name,
        title,
        covers: covers.filter((each) => typeof each === "number"),
        expected: [...expected],
        found: [...found],
        asExpected: differences.length === 0,
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** Writes the test down for the packs of this version. */
export const writeLogicTest = (test: LogicTest): void => writeFileSync(logicTestFile(), sortedJson(test));
