import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAnswers } from "../../../src/pipeline/responses.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flowproof-answers-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string | Uint8Array): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};
const read = (...responses: string[]) => readAnswers({ responses, file: join(folder, "flowproof.config.yaml") });
const problems = (): string => {
  try {
    read("answers");
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};
const answer = (more = "", covers = "EX-2026-10-4KX7Q2 CD") => `answers:
  - id: A-1
    disposition: confirmed
    owner: Iris Holm
    cause: On call alone
${more}    covers: [${covers}]
`;

describe("files of answers", () => {
  it("are read from folders and globs, each once, with their text and digest", () => {
    write("answers/2026/october.yaml", answer());
    write("answers/notes.md", "not an answer");
    write("more/november.yml", answer().replace("A-1", "A-2").replace("4KX7Q2", "4KX7Q3"));
    const { files, warnings } = read("answers", "answers/**/*.yaml", "more/*.yml");
    expect(files.map(({ name }) => name)).toEqual(["answers/2026/october.yaml", "more/november.yml"]);
    expect(files[0]).toMatchObject({ text: answer(), answers: [{ id: "A-1", covers: ["EX-2026-10-4KX7Q2 CD"] }] });
    expect(warnings).toEqual([]);
  });

  it("may not be there yet, but a pattern that matches nothing is said", () => {
    mkdirSync(join(folder, "answers"));
    expect(read("answers")).toEqual({ files: [], warnings: [] });
    expect(read("answerz/*.yaml").warnings).toEqual(["responses: answerz/*.yaml names no file and no folder"]);
  });

  it("may hold drafts, which are left out with one line a file", () => {
    const draft = answer().replace(" confirmed", "").replace(" Iris Holm", "").replace(" On call alone", "");
    write("answers/a.yaml", draft);
    const { files, warnings } = read("answers");
    expect(files[0]?.answers).toEqual([]);
    expect(warnings).toEqual(["answers/a.yaml:2:5: an answer has no disposition yet, and is not recorded"]);
  });

  it.each([
    ["an unknown disposition", answer().replace("confirmed", "confirmd"), /a\.yaml:3:18: .*did you mean `confirmed`/],
    ["an unknown key", answer("    ownr: x\n"), /a\.yaml:6:5: unknown key `ownr`/],
    ["a day that is none", answer("    due: 2026-13-01\n"), /a\.yaml:6:10: .*a day such as 2026-12-31/],
    ["no owner", answer().replace("owner: Iris Holm", "owner:"), /a\.yaml:4:5?.*answer A-1 names no owner/],
    ["compensated by nothing", answer().replace("confirmed", "compensated"), /fill in `compensation`/],
    ["an id of the old kind", answer("", "EX-2026-10-001"), /a\.yaml:6:14: `EX-2026-10-001` is no exception's id/],
    ["an exception twice", answer("", "EX-2026-10-4KX7Q2, EX-2026-Q4-4KX7Q2"), /EX-2026-Q4-4KX7Q2 is answered by this/],
    ["nothing covered", answer("", ""), /a\.yaml:6:13: `answers\[0\]\.covers` must not be empty/],
    ["broken YAML", "answers: [", /a\.yaml:1:11/],
    ["bytes that are no text", new Uint8Array([0xff, 0xfe, 0x61]), /a\.yaml:1:1: the file is not UTF-8/],
    ["an alias bomb", bomb(), /a\.yaml/],
    [
      "an answer of 5,000 characters",
      answer().replace("On call alone", "x".repeat(5000)),
      /a\.yaml:5:12.*at most 4000/,
    ],
  ])("are refused with file, line and column: %s", (_, text, said) => {
    write("answers/a.yaml", text);
    expect(problems()).toMatch(said);
  });

  it("are refused where two answer the same exception, whatever period's pack names it", () => {
    write("answers/a.yaml", answer());
    write("answers/b.yaml", answer("", "EX-2026-Q4-4KX7Q2").replace("A-1", "A-2"));
    expect(problems()).toBe("answers/b.yaml:6:14: EX-2026-Q4-4KX7Q2 is answered by A-1 already");
  });
});

/** Aliases of aliases that would be billions of texts. */
function bomb(): string {
  const levels = ["a: &a [x,x,x,x,x,x,x,x,x]"];
  for (const [before, name] of ["ab", "bc", "cd", "de", "ef", "fg"].map((two) => [two[0], two[1]]))
    levels.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(",")}]`);
  return `${levels.join("\n")}\nanswers: *g\n`;
}
