import { describe, expect, it } from "vitest";
import type { Item } from "../../../src/model/assessment.ts";
import { chosenItems } from "../../../src/pipeline/sample-items.ts";
import { ConfigError } from "../../../src/util/errors.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

const result = assessmentFixture();
const changes = result.population.filter(({ subject }) => subject === "change");
const numbered = (number: string | null): readonly Item[] => changes.filter((item) => item.number === number);
const alone = changes.find(({ number }) => numbered(number).length === 1) as Item;
const shared = changes.find(({ number }) => numbered(number).length > 1);
const deployment = result.population.find(({ subject }) => subject === "deployment") as Item;
const chosen = (text: string, population: "changes" | "commits" | "deployments" = "changes") =>
  chosenItems(text, result, { file: "list.csv", population });

describe("an auditor's own list", () => {
  it("names items by number, label, key, merge commit and address, each item once", () => {
    const [, other] = changes as [Item, Item];
    const url = `${alone.url}/`;
    const names = [
      alone.number,
      alone.label,
      alone.key,
      alone.commit?.slice(0, 10),
      other.key,
      ...(alone.url ? [url] : []),
    ];
    expect(chosen(names.join("\n"))).toMatchObject({ keys: [alone.key, other.key], unresolved: [] });
  });

  it("is the first column of a CSV file, whose heading is none of it", () => {
    const text = `\ufeffChange;Who\r\n"${alone.label}";Ada\r\n\r\n${alone.key};"Bob; or Eve"\r\n`;
    expect(chosen(text)).toMatchObject({ keys: [alone.key], given: 2, unresolved: [] });
  });

  it("drops nothing silently: what is unknown, of another population or of two repositories is named with the reason", () => {
    const { unresolved } = chosen(`${alone.key}\n999999\n${deployment.key}\n${shared?.label ?? ""}`);
    expect(unresolved).toEqual([
      { given: "999999", reason: "no change of 2026-10 is called so" },
      { given: deployment.key, reason: "it is a deployment of the period, and not among its changes" },
      ...(shared
        ? [{ given: shared.label, reason: expect.stringMatching(/^it names \d changes: write \S+#\d+ or /) }]
        : []),
    ]);
  });

  it("of deployments names them by their numbers", () => {
    expect(chosen(`deployment ${deployment.number}`, "deployments").keys).toEqual([deployment.key]);
    expect(chosen(deployment.number as string, "deployments").keys).toEqual([deployment.key]);
  });

  it.each(["", "999999", '"unclosed 1'])("that finds nothing is refused: %j", (text) => {
    expect(() => chosen(text)).toThrow(ConfigError);
  });
});
