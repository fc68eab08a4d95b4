import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder, requireMakeable } from "../../../src/util/make-folder.ts";
import { temporaryFolders } from "../../fixtures/temporary-folder.ts";

const folder = temporaryFolders();

describe("a folder that somebody named", () => {
  it("is made with those above it, and stays where it is there already", () => {
    const path = join(folder(), "a", "b", "c");
    makeFolder(path);
    makeFolder(path);
    expect(existsSync(path)).toBe(true);
  });

  it("is refused where a file stands in its way, with the path and what to do", () => {
    const file = join(folder(), "file");
    writeFileSync(file, "");
    for (const path of [file, join(file, "below"), join(file, "far", "below")])
      for (const refuse of [makeFolder, requireMakeable])
        expect(() => refuse(path)).toThrow(
          expect.objectContaining({
            exitCode: 2,
            message: expect.stringContaining(`the folder ${path} cannot be made or written to: `),
            hint: "Name another folder, or let this user write there.",
          }),
        );
  });

  it("is tried beforehand without being made, and nothing is left", () => {
    const place = folder();
    requireMakeable(join(place, "a", "b"));
    expect(readdirSync(place)).toEqual([]);
  });

  it.skipIf(process.platform !== "linux")("is refused at once by a file system that takes none, such as /proc", () => {
    for (const refuse of [makeFolder, requireMakeable])
      expect(() => refuse("/proc/x/y")).toThrow(/^the folder \/proc\/x\/y cannot be made or written to: ENOENT/);
  });
});
