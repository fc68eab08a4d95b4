import { expect, it } from "vitest";
import { counted } from "../../../src/util/counted.ts";

it("says one thing in the singular and everything else in the plural", () => {
  expect([counted(0, "record"), counted(1, "record"), counted(2, "record")]).toEqual([
    "0 records",
    "1 record",
    "2 records",
  ]);
  expect([counted(1, "entity", "entities"), counted(3, "entity", "entities")]).toEqual(["1 entity", "3 entities"]);
});
