import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { logicTestSchema } from "../model/assessment/logic.ts";
import type { AssessmentResult, LogicTest } from "../model/assessment.ts";
import { sortedJson } from "../report/index.ts";
import { sha256Hex } from "../util/hash.ts";
import { packageRoot } from "../util/root.ts";
import { toolVersion } from "../util/version.ts";
import type { ScenariosSummary } from "./scenarios.ts";

/** Where the last test of the logic is written down, in the package. */
export const logicTestFile = (): string => join(packageRoot(), "controls", "logic-test.json");

/** What judges: the rules as data, and the code between stored entities and results. */
const judging = ["controls/catalog", "controls/frameworks", "src/attributes", "src/evaluation", "src/store/dossiers"];

/** SHA-256 over what judges, files by name; undefined where the package came without its sources. */
export function judgingDigest(): string | undefined {
  if (!judging.every((folder) => existsSync(join(packageRoot(), folder)))) return undefined;
  const lines = judging.flatMap((folder) =>
    readdirSync(join(packageRoot(), folder), { recursive: true, encoding: "utf8" })
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
      .filter((name) => /\.(ts|yaml)$/.test(name))
      .map((name) => `${name} ${sha256Hex(readFileSync(join(packageRoot(), name)))}`),
  );
  return sha256Hex(lines.sort().join("\n"));
}

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

/** The test written down last, and whether what judges is still what was tested; undefined where none is. */
export function lastLogicTest(): AssessmentResult["logic"] {
  if (!existsSync(logicTestFile())) return undefined;
  const test = logicTestSchema.parse(JSON.parse(readFileSync(logicTestFile(), "utf8")));
  const digest = judgingDigest();
  const state = digest === undefined ? "unknown" : digest === test.digest ? "current" : "changed";
  return { ...test, state };
}
