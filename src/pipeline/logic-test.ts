import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { logicTestSchema } from "../model/assessment/logic.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import { sha256Hex } from "../util/hash.ts";
import { packageRoot } from "../util/root.ts";

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

/** The test written down last, and whether what judges is still what was tested; undefined where none is. */
export function lastLogicTest(): AssessmentResult["logic"] {
  if (!existsSync(logicTestFile())) return undefined;
  const test = logicTestSchema.parse(JSON.parse(readFileSync(logicTestFile(), "utf8")));
  const digest = judgingDigest();
  const state = digest === undefined ? "unknown" : digest === test.digest ? "current" : "changed";
  return { ...test, state };
}
