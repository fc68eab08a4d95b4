import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

let root: string | undefined;

/** The absolute path of flowproof's own folder, where controls/ and templates/ lie; the same from src/ and from dist/src/. Throws when there is none above this file. */
export function packageRoot(): string {
  root ??= find(dirname(fileURLToPath(import.meta.url)));
  return root;
}

function find(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (isOurs(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) throw new Error(`no package.json of flowproof above ${from}`);
  }
}

function isOurs(file: string): boolean {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { name?: unknown }).name === "flowproof";
  } catch {
    return false;
  }
}
