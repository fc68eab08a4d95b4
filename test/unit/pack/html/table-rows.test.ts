import { describe, expect, it } from "vitest";
import { choicesOf, chosenRows, type Wish } from "../../../../src/pack/html/table-rows.ts";

const none: Wish = { search: "", choices: new Map(), order: undefined };
const rows = [
  ["#100", "payments", "2026-10-02 09:26", "5 h 12 min", "12", ""],
  ["#9", "ledger", "between 2026-10-04 09:00 and 2026-10-05 14:05", "3 d 4 h", "1,204", "Über ﬁve"],
  ["#20", "payments", "2026-10-05 08:00", "40 s", "3", "Fix <b>totals</b>"],
  ["#21", "ledger", "", "", "12", "fix totals again"],
];
const by = (column: number, direction: "ascending" | "descending" = "ascending") =>
  chosenRows(rows, { ...none, order: { column, direction } }).map((index) => rows[index]?.[column]);

describe("the rows that a reader asks for", () => {
  it.each([
    ["", [0, 1, 2, 3]],
    ["  ", [0, 1, 2, 3]],
    ["totals", [2, 3]],
    ["FIX payments", [2]],
    ["über five", [1]],
    ["<b>", [2]],
    ["#9", [1]],
    ["nobody", []],
  ])("hold every word of %j, in any case and column", (search, found) => {
    expect(chosenRows(rows, { ...none, search })).toEqual(found);
  });

  it("have exactly the value that was chosen of a column", () => {
    expect(chosenRows(rows, { ...none, choices: new Map([[1, "ledger"]]) })).toEqual([1, 3]);
    expect(chosenRows(rows, { ...none, choices: new Map([[1, "ledger"]]), search: "fix" })).toEqual([3]);
    expect(chosenRows(rows, { ...none, choices: new Map([[1, "led"]]) })).toEqual([]);
  });

  it("are ordered by numbers within names, by amounts, by durations, and by the end of an interval", () => {
    expect(by(0)).toEqual(["#9", "#20", "#21", "#100"]);
    expect(by(4)).toEqual(["3", "12", "12", "1,204"]);
    expect(by(3)).toEqual(["40 s", "5 h 12 min", "3 d 4 h", ""]);
    expect(by(2)).toEqual(["2026-10-02 09:26", "2026-10-05 08:00", rows[1]?.[2], ""]);
  });

  it("keep what is empty last and what is alike in its order, downwards too", () => {
    expect(by(3, "descending")).toEqual(["3 d 4 h", "5 h 12 min", "40 s", ""]);
    expect(chosenRows(rows, { ...none, order: { column: 1, direction: "descending" } })).toEqual([0, 2, 1, 3]);
  });

  it("count a dash as nothing: amounts beside it are still amounts", () => {
    const sums = [["–"], ["12"], ["9"], ["–"]];
    const ordered = (direction: "ascending" | "descending") =>
      chosenRows(sums, { ...none, order: { column: 0, direction } }).map((index) => sums[index]?.[0]);
    expect(ordered("ascending")).toEqual(["9", "12", "–", "–"]);
    expect(ordered("descending")).toEqual(["12", "9", "–", "–"]);
  });
});

describe("the choices offered", () => {
  const many = Array.from({ length: 40 }, (_, i) => [`#${i}`, i % 2 ? "a" : "b", String(i % 3), "x", i % 5 ? "y" : ""]);

  it("are the values of columns that have a few, in order; no numbers, nothing that is always the same", () => {
    expect(choicesOf(many, [0, 1, 2, 3, 4])).toEqual(new Map([[1, ["a", "b"]]]));
    expect(choicesOf(many, [0, 2])).toEqual(new Map());
  });

  it("are no amounts either where some rows have none", () => {
    const answered = Array.from({ length: 14 }, (_, i) => [i % 3 ? "–" : String(1 + (i % 2))]);
    expect(choicesOf(answered, [0])).toEqual(new Map());
    const named = Array.from({ length: 14 }, (_, i) => [i % 3 ? "–" : "night"]);
    expect(choicesOf(named, [0])).toEqual(new Map([[0, ["–", "night"]]]));
  });

  it("leave out what is too long to choose from a list", () => {
    expect(choicesOf([...many.map((cells) => [cells[1] ?? ""]), ["W".repeat(49)]], [0])).toEqual(new Map());
  });
});
