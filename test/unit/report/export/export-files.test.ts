import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import type { AssessmentResult } from "../../../../src/model/assessment.ts";
import { exportFiles, indexHead } from "../../../../src/report/export/export-files.ts";
import type { Layout } from "../../../../src/report/export/readme.ts";
import { safeNames } from "../../../../src/report/export/safe-names.ts";
import { sha256Hex } from "../../../../src/util/hash.ts";
import { assessmentFixture } from "../../../fixtures/assessment.ts";

const pack = { name: "riverbank-2026-10", state: "issued", pdf: "aa", assessment: "bb" } as const;
const result = assessmentFixture();
const exported = (layout: Layout, from: AssessmentResult = result): ReadonlyMap<string, string> =>
  new Map(exportFiles(from, pack, layout));
const rows = (text: string | undefined): Record<string, string>[] => parse(text ?? "", { columns: true });

describe("an export", () => {
  const files = exported("criteria");
  const index = rows(files.get("index.csv"));

  it("has a folder per framework, criterion concluded and control, with four files each", () => {
    for (const criterion of result.criteria.filter(({ concluded }) => concluded)) {
      for (const id of criterion.controls) {
        const control = result.controls.find((one) => one.id === id);
        const folder = `${criterion.framework}/${criterion.id}/${control?.own?.id ?? id}`;
        for (const name of ["control.json", "items.csv", "exceptions.csv", "evidence.csv"])
          expect([...files.keys()]).toContain(`${folder}/${name}`);
      }
    }
  });

  it.each(["criteria", "controls", "flat"] as const)(
    "by %s lists every file with its digest, and every control under every criterion it addresses",
    (layout) => {
      const all = exported(layout);
      const listed = rows(all.get("index.csv"));
      expect(all.get("index.csv")?.startsWith(`${indexHead}\n`)).toBe(true);
      const paths = new Set(listed.map(({ path }) => path));
      expect([...paths].toSorted()).toEqual(
        [...all.keys()]
          .filter((name) => name !== "index.csv")
          .concat("pack.pdf")
          .toSorted(),
      );
      for (const { path = "", sha256 } of listed)
        expect(sha256).toBe(path === "pack.pdf" ? "aa" : sha256Hex(all.get(path) ?? ""));
      for (const { id, own, mappings } of result.controls) {
        for (const { framework, criterion } of mappings) {
          const found = listed.filter(
            (row) => row.framework === framework && row.criterion === criterion && row.control === (own?.id ?? id),
          );
          expect(found, `${id} under ${criterion}`).toHaveLength(4);
        }
      }
      if (layout === "flat") expect([...paths].filter((path) => path?.includes("/"))).toEqual([]);
    },
  );

  it("holds each control's items so that their outcomes are its tally, its exceptions and its evidence", () => {
    for (const control of result.controls) {
      const name = control.own?.id ?? control.id;
      const path = index.find((row) => row.control === name && row.path?.endsWith("/items.csv"))?.path ?? "";
      const items = rows(files.get(path));
      const count = (outcome: string): number => items.filter((row) => row.outcome === outcome).length;
      const { tally } = control;
      expect(items, name).toHaveLength(tally.items);
      for (const outcome of ["pass", "fail", "waived", "notVerifiable", "notApplicable"] as const)
        expect(count(outcome), `${name} ${outcome}`).toBe(tally[outcome]);
      const beside = (file: string): Record<string, string>[] => rows(files.get(path.replace("items.csv", file)));
      expect(beside("exceptions.csv").map(({ id }) => id)).toEqual(control.exceptions);
      const leaves = new Map(result.records.map(({ id, leaf }) => [`r${id}`, leaf]));
      for (const { record = "", leaf } of beside("evidence.csv")) expect(leaf).toBe(leaves.get(record));
      const json = JSON.parse(files.get(path.replace("items.csv", "control.json")) ?? "");
      expect(json.control).toMatchObject({
        id: control.id,
        result: control.result,
        statement: control.statement,
        tally,
      });
    }
  });

  it("says what it is and what it is not", () => {
    const readme = files.get("README.txt") ?? "";
    expect(readme).toContain("not an opinion");
    expect(readme).toContain("assessment.schema.json");
    expect(readme).not.toContain("a draft");
    expect(exported("controls").get("README.txt")).toContain("A folder per control;");
  });

  it("is the same for the same result", () => {
    expect([...exported("criteria", assessmentFixture())]).toEqual([...files]);
  });

  it("never leaves its folder, whatever ids hold", () => {
    const troubled = assessmentFixture();
    const ids = ["../../etc/passwd", "..", "CON", "con", "a/b", "a\\b", "=cmd", ".hidden", "\u202e", "x".repeat(300)];
    troubled.controls.forEach((control, i) => {
      control.own = { id: ids[i % ids.length] ?? "", title: "=HYPERLINK(1)" };
    });
    const all = exported("criteria", troubled);
    const names = [...all.keys()];
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
    for (const name of names) {
      expect(name).toMatch(/^[A-Za-z0-9._/-]+$/);
      for (const part of name.split("/")) expect(part).toMatch(/^(?!\.|-)(?!con($|\.)).{1,90}(?<!\.)$/i);
    }
    for (const { title } of rows(all.get("index.csv")).filter(({ control }) => control !== ""))
      expect(title).toBe("'=HYPERLINK(1)");
  });
});

it("names stay apart, and the same text keeps its name", () => {
  const name = safeNames();
  expect([name("a b"), name("a/b"), name("A_B"), name("a b"), name("")]).toEqual(["a_b", "a_b-2", "A_B-3", "a_b", "_"]);
});
