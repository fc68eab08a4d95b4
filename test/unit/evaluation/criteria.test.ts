import { expect, it } from "vitest";
import { assessCriteria } from "../../../src/evaluation/criteria.ts";
import { evaluate } from "../../../src/evaluation/index.ts";
import { catalog, input } from "./input.ts";

it("a criterion's statement says in words what each of its failing key controls is about", () => {
  const failing = evaluate(input()).controls.map((control) => ({ ...control, result: "exceptionsNoted" as const }));
  const keys = failing.filter(({ key }) => key);
  const stated = assessCriteria(catalog.frameworks, failing).find(({ id }) => id === "CC8.1")?.statement;
  expect(keys.map(({ id }) => id)).toContain("CHG-13");
  for (const { id } of keys) expect(stated).toMatch(new RegExp(`${id} [a-z][a-z' ]+ \\d+ of \\d+`));
  expect(stated).toContain("CHG-13 second person's approval ");
});
