import { expect, it } from "vitest";
import { toolBuild, toolVersion } from "../../../src/util/version.ts";

it("the sources, run as they are, name their version and no build", () => {
  expect(toolVersion()).toMatch(/^\d+\.\d+\.\d+/);
  expect(toolBuild()).toBe("unbuilt");
});
