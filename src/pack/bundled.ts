import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../util/errors.ts";
import { packageRoot } from "../util/root.ts";

/** The text of a program that a pack carries, as `npm run build` bundled it; throws ConfigError where it was not built. */
export function bundled(name: "verify.mjs" | "page.js" | "draft.js"): string {
  const path = join(packageRoot(), "dist", "verify", name);
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`${name}, which a pack carries, is not built`, {
      cause,
      hint: "Run `npm run build`.",
    });
  }
}
