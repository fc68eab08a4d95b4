import { describe, expect, test } from "vitest";
import { renumbered } from "../../../../src/pack/pdf/renumber.ts";

const shift = { objects: 100, keys: 7, part: 2 };
const moved = (body: string): string =>
  String(
    renumbered({ objects: [{ number: 3, body: Buffer.from(body, "latin1") }], trailer: new Map(), size: 4 }, shift).get(
      103,
    ),
  );

describe("an object that moves into another file", () => {
  test("refers to what it referred to, and is found under a number of its own", () => {
    expect(moved("<</Type /StructElem\n/P 16 0 R\n/K [17 0 R 18 0 R]>>")).toBe(
      "<</Type /StructElem\n/P 116 0 R\n/K [117 0 R 118 0 R]>>",
    );
    expect(moved("<</Type /Page\n/StructParents 3\n/Rect [0 0 1 0]>>")).toBe(
      "<</Type /Page\n/StructParents 10\n/Rect [0 0 1 0]>>",
    );
    expect(moved("<</ID (node00000017)\n/A <</Headers [(node00000017)]>>>>")).toBe(
      "<</ID (part0002-node00000017)\n/A <</Headers [(part0002-node00000017)]>>>>",
    );
  });

  test("keeps every text, whatever is written in it", () => {
    for (const text of [
      "see 12 0 R \\(and /StructParents 4\\)",
      "\\\\",
      "a \\\\\\) 9 0 R",
      ">> stream\\nendstream",
      "node00000017",
    ]) {
      expect(moved(`<</Alt (${text})\n/P 1 0 R>>`)).toBe(`<</Alt (${text})\n/P 101 0 R>>`);
      expect(moved(`<</A <</URI (${text})>>\n/P 1 0 R>>`)).toContain(`(${text})`);
    }
  });

  test("keeps the bytes of a stream", () => {
    const bytes = "4 0 R (\xff /StructParents 1";
    expect(
      renumbered(
        {
          objects: [{ number: 3, body: Buffer.from(`<</F 4 0 R>> stream\n${bytes}\nendstream`, "latin1") }],
          trailer: new Map(),
          size: 4,
        },
        shift,
      )
        .get(103)
        ?.toString("latin1"),
    ).toBe(`<</F 104 0 R>> stream\n${bytes}\nendstream`);
  });

  test("is refused where a text does not end", () => {
    expect(() => moved("<</Alt (open 1 0 R>>")).toThrow("cannot be read");
    expect(() => moved("<</Alt (one (within) another)>>")).toThrow("cannot be read");
  });
});
