import { describe, expect, it } from "vitest";
import { attributes } from "../../../../src/attributes/index.ts";
import { catalogueEntries, catalogueOf } from "../../../../src/model/assessment/logic.ts";
import { EXTRAS, prove, SCENARIOS, worldDigest } from "../../../../src/sandbox/index.ts";

describe("the scenarios", () => {
  it.each(catalogueEntries)("play number %i of the catalogue", (number) => {
    expect(SCENARIOS.filter(({ covers }) => covers.includes(number)).length).toBeGreaterThan(0);
  });

  it("play no number that the catalogue lacks, and are counted apart where they play none", () => {
    const numbers = SCENARIOS.flatMap(({ covers }) => covers.filter((one) => typeof one === "number"));
    expect(new Set(numbers)).toEqual(new Set(catalogueEntries));
    const { played, onEntries, byName } = catalogueOf(SCENARIOS);
    expect(played).toEqual(catalogueEntries);
    const without = SCENARIOS.filter(({ covers }) => covers.every((one) => typeof one !== "number"));
    expect([onEntries, byName]).toEqual([SCENARIOS.length - without.length, without.length]);
  });

  it.each(EXTRAS)("play: %s", (extra) => {
    expect(SCENARIOS.filter(({ covers }) => covers.includes(extra)).length).toBeGreaterThan(0);
  });

  it.each(attributes.map(({ letter, id }) => [letter, id]))("ask test %s, %s, to fail", (_letter, id) => {
    const outcomes = SCENARIOS.flatMap(({ expect: wanted }) => Object.values(wanted));
    expect(outcomes.filter((outcome) => outcome[id] === "fail").length).toBeGreaterThan(0);
  });

  it("each have a name of their own, a title and a reason", () => {
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
    for (const { name, title, because } of SCENARIOS) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(title).not.toBe("");
      expect(because).toMatch(/\.$/);
    }
  });

  it("expect something of attributes that exist, and of subjects that the play makes", () => {
    const known = new Map(attributes.map(({ id, subject }) => [id, subject]));
    for (const { scenario, subjects } of prove().play()) {
      const named = [
        ...Object.entries({ ...scenario.expect, ...scenario.earlier }).flatMap(([of, outcomes]) =>
          Object.keys(outcomes).map((attribute) => ({ of, attribute })),
        ),
        ...(scenario.says ?? []),
      ];
      for (const { of, attribute } of named) {
        expect(subjects.get(of)?.kind, `${scenario.name}: ${of}`).toBe(known.get(attribute));
      }
    }
  });
});

describe("the organisation they are played in", () => {
  it("is the same every time", () => {
    const digests = [prove(), prove()].map((proving) => {
      const before = worldDigest(proving.world);
      proving.play();
      const after = worldDigest(proving.world);
      proving.goOn();
      return [before, after, worldDigest(proving.world)];
    });
    expect(digests[0]).toEqual(digests[1]);
    expect(new Set(digests[0]).size).toBe(3);
  });

  it("has one move for every place a branch has been", () => {
    const { world, ...proving } = prove();
    proving.play();
    for (const { activity, branches, name } of world.repositories) {
      for (const [branch, moves] of Map.groupBy(activity, (each) => each.branch)) {
        moves.slice(1).forEach((move, at) => {
          expect(move.before, `${name} ${branch}`).toBe(moves[at]?.after);
        });
        if (branches.has(branch)) expect(moves.at(-1)?.after, `${name} ${branch}`).toBe(branches.get(branch));
      }
    }
  });

  it("refers only to commits it has, and gives no id twice", () => {
    const { world, ...proving } = prove();
    proving.play();
    const ids: number[] = [];
    for (const repository of world.repositories) {
      const { commits, changes, deployments, runs, activity, ruleSuites } = repository;
      const oids = [
        ...[...commits.values()].flatMap(({ parents }) => parents),
        ...changes.flatMap((change) => [change.headRefOid, change.mergeCommit ?? change.headRefOid, ...change.commits]),
        ...deployments.map(({ oid }) => oid),
        ...activity.flatMap(({ after }) => after ?? []),
      ];
      for (const oid of oids) expect(commits.has(oid), `${repository.name} ${oid}`).toBe(true);
      ids.push(...[...changes, ...deployments, ...runs, ...activity, ...ruleSuites].map(({ id }) => id));
      ids.push(...changes.flatMap(({ reviews }) => reviews.map(({ id }) => id)));
    }
    expect(new Set(ids).size).toBe(ids.length);
  });
});
