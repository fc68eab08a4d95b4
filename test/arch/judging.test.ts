import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { attributes } from "../../src/attributes/index.ts";
import { loadCatalog } from "../../src/catalog/index.ts";
import { packageRoot } from "../../src/util/root.ts";

const files = (folder: string, ending: string) =>
  readdirSync(join(packageRoot(), folder))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();

describe("attributes", () => {
  it("in the registry are the files of the folder", () => {
    expect(attributes.map(({ id }) => id).sort()).toEqual(
      files("src/attributes", ".ts").filter((file) => file !== "index"),
    );
  });

  it("have a letter of their own and a proposition for a title", () => {
    expect(new Set(attributes.map(({ letter }) => letter)).size).toBe(attributes.length);
    for (const { title } of attributes) expect(title).toMatch(/^[A-Z].* /);
  });

  it("are each tested by one control, and by none of another subject", () => {
    const { controls } = loadCatalog(join(packageRoot(), "controls"), attributes, []);
    const used = controls.flatMap((control) => control.attributes.map(({ id }) => id));
    expect(used.toSorted()).toEqual(attributes.map(({ id }) => id).toSorted());
  });
});

describe("controls", () => {
  it("are one file each, named after their id", () => {
    const { controls } = loadCatalog(join(packageRoot(), "controls"), attributes, []);
    const named = files("controls/catalog", ".yaml");
    expect(controls.map(({ id }) => id.toLowerCase())).toEqual(
      named.map((file) => file.split("-").slice(0, 2).join("-")),
    );
  });
});
