import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../src/util/root.ts";

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly gypfile?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (file: string): unknown => JSON.parse(readFileSync(join(packageRoot(), file), "utf8"));
const manifest = read("package.json") as Record<string, Record<string, string>>;
const { packages } = read("package-lock.json") as { packages: Record<string, Entry> };
const installed = Object.entries(packages).filter(([path]) => path !== "");

describe("what a newcomer installs", () => {
  it("is pinned to the digit, as the lock file has it", () => {
    for (const kind of ["dependencies", "devDependencies", "optionalDependencies"]) {
      for (const [name, version] of Object.entries(manifest[kind] ?? {})) {
        expect(version, name).toMatch(/^(npm:@?[\w/.-]+@)?\d+\.\d+\.\d+$/);
        expect(packages[`node_modules/${name}`]?.version, name).toBe(version.replace(/^npm:.*@/, ""));
      }
    }
  });

  it("names no registry, and is complete for every platform", () => {
    const missing: string[] = [];
    for (const [path, entry] of installed) {
      expect(entry.resolved, path).toBeUndefined();
      if (!entry.version || !entry.integrity) missing.push(path);
      for (const name of Object.keys(entry.optionalDependencies ?? {})) {
        if (!packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`])
          missing.push(`${path} > ${name}`);
      }
    }
    expect(missing, "make the lock file anew: rm -r node_modules package-lock.json && npm install").toEqual([]);
  });

  it("runs no script of a dependency and compiles nothing", () => {
    // fsevents is for macOS alone, brings its binary too, and is flagged by some registries and not by others.
    const scripted = installed.filter(([path, entry]) => entry.hasInstallScript && path !== "node_modules/fsevents");
    expect(scripted.map(([path]) => path)).toEqual([]);
    expect(packages["node_modules/better-sqlite3"]?.gypfile, "`npm install` puts it back, see scripts/build.mjs").toBe(
      false,
    );
  });
});
