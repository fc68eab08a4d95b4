import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./root.ts";

/** The version of this tool, as its package says. */
export function toolVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  return version;
}
