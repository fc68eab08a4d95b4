import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { attributes } from "../../../src/attributes/index.ts";
import { catalogJsonSchemas, loadCatalog } from "../../../src/catalog/index.ts";
import type { OwnControl } from "../../../src/model/control.ts";
import { ConfigError } from "../../../src/util/errors.ts";
import { packageRoot } from "../../../src/util/root.ts";

const review = "chg-03-peer-review.yaml";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flowproof-catalog-"));
  cpSync(join(packageRoot(), "controls"), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const load = (own: readonly OwnControl[] = []) => loadCatalog(folder, attributes, own);
function replace(from: string, to: string, file = review): void {
  const path = join(folder, "catalog", file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}
function problem(own: readonly OwnControl[] = []): string {
  try {
    load(own);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error("the catalog was accepted");
}

describe("the catalog as shipped", () => {
  it("loads in the order of its files, with a digest of what was read", () => {
    const { controls, frameworks, digest } = load();
    expect(controls.map(({ id }) => id)).toEqual([...controls.map(({ id }) => id)].sort());
    expect(frameworks.map(({ id }) => id)).toEqual(["iso27001-2022", "soc2-2017"]);
    expect(load().digest).toBe(digest);
    replace("small and fresh", "small");
    expect(load().digest).not.toBe(digest);
  });

  it("claims no authorisation from a review or a link, and leaves the other points open", () => {
    const points = (id: string) =>
      load()
        .controls.find((one) => one.id === id)
        ?.mappings.find(({ criterion }) => criterion === "CC8.1")?.points;
    expect(points("CHG-03")).toEqual(["8", "9"]);
    expect(points("CHG-09")).toEqual(["4", "5"]);
  });

  it("satisfies the JSON Schemas that editors use", () => {
    const ajv = new Ajv2020({ strict: false });
    const schemas = catalogJsonSchemas();
    const control = ajv.compile(schemas["control.schema.json"] ?? {});
    const path = join(folder, "catalog", review);
    expect(control(parse(readFileSync(path, "utf8")))).toBe(true);
    expect(control({ ...parse(readFileSync(path, "utf8")), popluation: "changes" })).toBe(false);
  });
});

describe("a mistake in the catalog is named with its place and what was probably meant", () => {
  it.each<[string, string, string, RegExp]>([
    [
      "an unknown key",
      "objective:",
      "objectiv:",
      /^controls\/catalog\/chg-03-peer-review\.yaml:\d+:1: unknown key `objectiv`; did you mean `objective`\?$/,
    ],
    [
      "an unknown attribute",
      "id: approved-on-final-revision",
      "id: aproved-on-final-revision",
      /:\d+:9: there is no attribute `aproved-on-final-revision`; did you mean `approved-on-final-revision`\?/,
    ],
    [
      "an attribute of another subject",
      "id: approved-on-final-revision",
      "id: deployed-as-approved",
      /`deployed-as-approved` tests a deployment, but the population is changes/,
    ],
    [
      "an unknown framework",
      "framework: soc2-2017",
      "framework: soc2-2071",
      /there is no framework `soc2-2071`; did you mean `soc2-2017`\?/,
    ],
    [
      "an unknown criterion",
      "criterion: CC8.1",
      "criterion: CC8.2",
      /there is no criterion of SOC 2 `CC8.2`; did you mean `CC\d\.\d`\?/,
    ],
    ["an unknown point", 'points: ["8", "9"]', 'points: ["8", "19"]', /there is no point of CC8\.1 `19`/],
    [
      "an unknown parameter",
      "- id: approved-on-final-revision",
      "- id: approved-on-final-revision\n    parameters: { aproval: {} }",
      /has no parameter `aproval`; did you mean `approval`\?/,
    ],
    [
      "a parameter of the wrong kind",
      "- id: approved-on-final-revision",
      "- id: approved-on-final-revision\n    parameters: { approval: { count: many } }",
      /parameter `approval\.count` of `approved-on-final-revision`/,
    ],
    [
      "a population that does not exist",
      "population: changes",
      "population: change",
      /which is none of commits, changes, deployments, configuration; did you mean `changes`\?/,
    ],
    ["an id that is taken", "id: CHG-03", "id: CHG-01", /the id `CHG-01` is taken at controls\/catalog\/chg-01/],
  ])("%s", (_name, from, to, says) => {
    replace(from, to);
    expect(problem()).toMatch(says);
  });

  it("all at once", () => {
    replace("criterion: CC8.1", "criterion: CC8.x");
    replace("id: change-described", "id: described", "chg-10-described.yaml");
    expect(problem().split("\n")).toHaveLength(2);
  });

  it("also one attribute wanted differently by two controls", () => {
    replace(
      "- id: change-described",
      "- id: change-described\n  - id: approved-on-final-revision\n    parameters: { approval: { count: 2 } }",
      "chg-10-described.yaml",
    );
    expect(problem()).toContain("`approved-on-final-revision` has other parameters in CHG-03");
  });
});

describe("the organisation's own controls", () => {
  const own = {
    id: "CM-02",
    title: "Changes are peer reviewed",
    owner: "Head of Engineering",
    key: true,
    covers: ["CHG-03"],
  };
  it("are joined to ours", () => {
    const joined = load([{ ...own, threshold: 0.02 }]).controls.find(({ id }) => id === "CHG-03");
    expect(joined).toMatchObject({
      own: { id: "CM-02" },
      owner: "Head of Engineering",
      threshold: 0.02,
      title: "Every change is approved by a peer who had no part in it",
    });
    expect(load([own]).controls.filter((control) => control.own !== null)).toHaveLength(1);
  });

  it("cover what exists, each of ours once", () => {
    expect(problem([{ ...own, covers: ["CHG-33"] }])).toContain(
      "CM-02 covers `CHG-33`, which the catalog does not have; did you mean `CHG-",
    );
    expect(problem([own, { ...own, id: "CM-05" }])).toContain("CM-02 and CM-05 both cover CHG-03");
  });
});
