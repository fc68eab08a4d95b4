import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "./root.ts";

/** The version of this tool, as its package says. */
export function toolVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  return version;
}

/** Which build this is: the commit it was compiled from, ending in `-modified` where files differed; `unbuilt` where the sources run; `unknown` where a build does not say. */
export function toolBuild(): string {
  const dist = join(packageRoot(), "dist");
  if (!fileURLToPath(import.meta.url).startsWith(dist + sep)) return "unbuilt";
  try {
    const { commit } = JSON.parse(readFileSync(join(dist, "build.json"), "utf8")) as { commit: string | null };
    return commit ?? "unknown";
  } catch {
    return "unknown";
  }
}
