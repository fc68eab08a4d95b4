import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ListedException } from "../../../src/pipeline/listed-exception.ts";
import { writeAnswerDrafts } from "../../../src/pipeline/response-drafts.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";
import { temporaryFolders } from "../../fixtures/temporary-folder.ts";

const folder = temporaryFolders();
const sentence = Array.from({ length: 60 }, (_, index) => `commit ${index.toString(16).padStart(12, "0")}`).join(", ");
const listed: ListedException = {
  id: "E-2026-10-abcdef",
  system: "payments",
  team: "checkout",
  label: "#7",
  title: `Round amounts\nto cents ${"and more ".repeat(40)}`,
  at: "2026-10-03T10:00:00Z",
  actor: "ada-dev",
  tests: "B",
  cause: "no-approval",
  messages: [`Nobody approved ${sentence}.`],
  subject: "change",
  item: "github/1#7",
  url: null,
  answer: null,
  state: "open",
  follows: [],
};

const draft = (): string => {
  const { written } = writeAnswerDrafts(folder(), {
    exceptions: [listed],
    causes: new Map([["no-approval", "Nobody else approved"]]),
    period: assessmentFixture().period,
  });
  return readFileSync(written[0]?.file ?? "", "utf8");
};

describe("a draft of answers", () => {
  it("tells all of what an exception says, in lines that fit a screen", () => {
    const text = draft();
    const said = text.replace(/\n *# +/g, " ");
    expect(said).toContain(`Nobody approved ${sentence}.`);
    expect(said).toContain("Round amounts‹U+000A›to cents and more ");
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  });

  it("stays YAML, in which the words of others are comments", () => {
    expect(parse(draft())).toMatchObject({ answers: [{ covers: ["E-2026-10-abcdef B"] }] });
  });
});
