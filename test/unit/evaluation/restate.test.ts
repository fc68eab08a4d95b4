import { describe, expect, it } from "vitest";
import { differencesBetween, itemsCompared } from "../../../src/evaluation/index.ts";
import type { IssuedOutcome, Item } from "../../../src/model/assessment.ts";
import { itemName } from "../../../src/model/assessment.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

/** What a pack made of these items said. */
const saidOf = (population: readonly Item[]) =>
  new Map(
    population.map((item) => [
      itemName(item),
      new Map(item.observations.map(({ attribute, outcome }): [string, IssuedOutcome] => [attribute, outcome])),
    ]),
  );

describe("what an issued pack would not say the same way any more", () => {
  const { population } = assessmentFixture();
  const [first, second, ...rest] = population;
  if (!first || !second) throw new Error("the fixture lost its items");
  const [observation] = first.observations;
  if (!observation) throw new Error("the fixture lost its observations");

  it("is nothing where nothing changed, in whatever order the items come", () => {
    expect(differencesBetween(saidOf(population), { population })).toEqual([]);
    expect(differencesBetween(saidOf(population), { population: population.toReversed() })).toEqual([]);
    expect(itemsCompared(saidOf(population), { population })).toBe(population.length);
  });

  it("names the test, what was issued, and what is said now", () => {
    const issued = saidOf(population);
    const was = observation.outcome === "fail" ? "pass" : "fail";
    const tests = new Map([...(issued.get(itemName(first)) ?? []), [observation.attribute, was] as const]);
    const found = differencesBetween(new Map([...issued, [itemName(first), tests]]), { population });
    expect(found).toMatchObject([
      {
        kind: "changed",
        item: first.key,
        tests: [
          { attribute: observation.attribute, issued: was, now: observation.outcome, message: observation.message },
        ],
      },
    ]);
  });

  it("tells items that appeared and vanished", () => {
    const found = differencesBetween(saidOf([first, ...rest]), { population: [second, ...rest] });
    expect(found.map(({ item, kind }) => [item, kind]).sort()).toEqual(
      [
        [first.key, "vanished"],
        [second.key, "appeared"],
      ].sort(),
    );
    expect(itemsCompared(saidOf([first, ...rest]), { population: [second, ...rest] })).toBe(population.length);
  });

  it.each([
    ["pass", 1, true],
    ["fail", 1, true],
    ["notVerifiable", 0, false],
  ] as const)("settles a deadline that ended as %s", (outcome, differences, settled) => {
    const item: Item = { ...first, observations: [{ ...observation, outcome }] };
    const issued = new Map([[itemName(item), new Map([[observation.attribute, "due" as const]])]]);
    const found = differencesBetween(issued, { population: [item] });
    expect(found).toHaveLength(differences);
    expect(found.some(({ tests }) => tests.some((test) => test.settled))).toBe(settled);
  });
});
