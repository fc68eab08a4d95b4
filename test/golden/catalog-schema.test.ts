import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { catalogJsonSchemas } from "../../src/catalog/index.ts";
import { packageRoot } from "../../src/util/root.ts";

const folder = join(packageRoot(), "controls", "schema");

it.each(Object.entries(catalogJsonSchemas()))(
  "controls/schema/%s is current (golden:update writes it)",
  (file, schema) => {
    const path = join(folder, file);
    if (process.env.UPDATE_GOLDEN) writeFileSync(path, `${JSON.stringify(schema, null, 2)}\n`);
    // Compared by content: the formatter decides about line breaks.
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(JSON.parse(JSON.stringify(schema)));
  },
);

it("controls/schema holds nothing else", () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(catalogJsonSchemas()).sort());
});
