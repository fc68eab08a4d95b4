import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { manifestName, manifestOf } from "../../../src/pack/manifest.ts";
import { removeFormerParts } from "../../../src/pipeline/former-parts.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";
import { temporaryFolders } from "../../fixtures/temporary-folder.ts";

const folder = temporaryFolders();
const { checkpoint, ...fixture } = assessmentFixture();
const name = "riverbank-2026-10";
const whole: AssessmentResult = {
  ...fixture,
  checkpoint,
  parts: [
    { kind: "organisation", id: "Riverbank", name },
    { kind: "team", id: "checkout", name: `${name}-team-checkout` },
  ],
};

/** A draft part as a run leaves it, of what the assessment says. */
function writePart(reports: string, folderName: string, said: Partial<AssessmentResult>): string {
  const directory = join(reports, folderName);
  const assessment = JSON.stringify({ ...whole, part: { kind: "team", id: "gone" }, ...said });
  mkdirSync(directory);
  writeFileSync(join(directory, "assessment.json"), assessment);
  const files = new Map([["assessment.json", assessment]]);
  writeFileSync(join(directory, manifestName), manifestOf(files, { tool: "flowproof 0.0.0", checkpoint }));
  return directory;
}

describe("parts that an earlier run left beside a pack", () => {
  it("go where they are certainly its own drafts, of a team or system that is no more", async () => {
    const reports = folder();
    const gone = writePart(reports, `${name}-team-gone`, {});
    const system = writePart(reports, `${name}-system-gone`, { part: { kind: "system", id: "gone" } });
    writePart(reports, `${name}-team-checkout`, { part: { kind: "team", id: "checkout" } });
    expect(await removeFormerParts(join(reports, name), whole)).toEqual([
      { kind: "system", id: "gone", directory: system },
      { kind: "team", id: "gone", directory: gone },
    ]);
    expect(readdirSync(reports)).toEqual([`${name}-team-checkout`]);
  });

  it("stay where they are another pack's, another month's, somebody's edited ones, or no drafts of ours", async () => {
    const reports = folder();
    const others = whole.parts?.map((part) => ({ ...part, name: part.name.replace(name, "elsewhere") })) ?? [];
    writePart(reports, `${name}-team-a`, { parts: others });
    writePart(reports, `${name}-team-b`, { period: { ...whole.period, id: "2026-09" } });
    writePart(reports, `${name}-team-c`, { organisation: { ...whole.organisation, slug: "creek" } });
    writePart(reports, `${name}-team-d`, { part: undefined });
    appendFileSync(join(writePart(reports, `${name}-team-e`, {}), "assessment.json"), "\n");
    writeFileSync(join(writePart(reports, `${name}-team-f`, {}), "notes.txt"), "mine");
    mkdirSync(join(reports, `${name}-team-g`));
    writeFileSync(join(reports, `${name}-team-h`), "a file");
    writePart(reports, `${name}-r2-team-gone`, {});
    const notes = join(reports, `${name}-team-i`);
    mkdirSync(notes);
    writeFileSync(join(notes, "notes.txt"), "mine");
    const listed = manifestOf(new Map([["notes.txt", "mine"]]), { tool: "flowproof 0.0.0", checkpoint });
    writeFileSync(join(notes, manifestName), listed);
    const before = readdirSync(reports);
    expect(await removeFormerParts(join(reports, name), whole)).toEqual([]);
    expect(readdirSync(reports)).toEqual(before);
    expect(existsSync(join(reports, `${name}-team-f`, "notes.txt"))).toBe(true);
  });
});
