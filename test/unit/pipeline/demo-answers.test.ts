import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeDemoAnswers } from "../../../src/pipeline/demo-answers.ts";
import { listedException } from "../../../src/pipeline/listed-exception.ts";
import { readAnswers } from "../../../src/pipeline/responses.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";
import { temporaryFolders } from "../../fixtures/temporary-folder.ts";

const temporaryFolder = temporaryFolders();
/** A folder for answers, and what reads them. */
function place() {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "responses"));
  const config = { file: join(folder, "flowproof.config.yaml"), responses: ["responses"] };
  return { responses: join(folder, "responses"), config };
}
const period = { id: "2026-10", to: "2026-11-01T00:00:00Z" };

it("answers some causes of a demonstration in one file that reads as a team's own, and leaves the others open", () => {
  const result = assessmentFixture();
  const own = result.exceptions.filter(({ follows, waiver }) => follows.length === 0 && waiver === null);
  const causes = ["pushed-directly", "rules-bypassed", "rules-bypassed", "deployer-not-named", "request-missing"];
  const exceptions = own
    .slice(0, causes.length)
    .map((one, index) =>
      listedException({ ...one, id: `EX-2026-10-4KX7Q${index}`, cause: causes[index] ?? "other" }, result),
    );
  expect(exceptions).toHaveLength(causes.length);
  const { responses, config } = place();
  writeDemoAnswers(responses, { exceptions, period });
  const { files, warnings } = readAnswers(config);
  expect(warnings).toEqual([]);
  const answers = files.flatMap((file) => file.answers);
  expect(answers.map(({ disposition, covers }) => [disposition, covers.length])).toEqual([
    ["confirmed", 1],
    ["compensated", 2],
    ["disputed", 1],
  ]);
  const covered = answers.flatMap(({ covers }) => covers.map((entry) => entry.split(" ")[0]));
  expect(covered).toEqual(exceptions.slice(0, 4).map(({ id }) => id));
  for (const { due } of answers) expect(due).toBe("2026-12-01");
});

it("writes an empty list where nothing is open of these causes", () => {
  const { responses, config } = place();
  writeDemoAnswers(responses, { exceptions: [], period });
  expect(readFileSync(join(responses, "2026-10.yaml"), "utf8")).toBe("answers: []\n");
  expect(readAnswers(config).files.flatMap(({ answers }) => answers)).toEqual([]);
});
