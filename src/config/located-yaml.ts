import { readFileSync } from "node:fs";
import type { Document } from "yaml";
import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from "yaml";
import { ConfigError } from "../util/errors.ts";

export type Path = readonly (string | number)[];

/** A YAML file's value, and where in the file each part of it stands. */
export interface LocatedYaml {
  readonly value: unknown;
  /** `file:line:column` of the value at the path, or of the nearest thing around it that is written. */
  at(path: Path): string;
  /** `file:line:column` of a key in the map at the path. */
  atKey(path: Path, key: string): string;
}

/** Reads one YAML 1.2 document; duplicate keys and everything the parser objects to are ConfigErrors with their places. */
export function readYaml(file: string, shownAs: string): LocatedYaml {
  let source: string;
  try {
    source = readFileSync(file, "utf8");
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new ConfigError(
      missing ? `there is no configuration at ${shownAs}` : `${shownAs} cannot be read: ${String(cause)}`,
      {
        cause,
        hint: missing
          ? "Write one with `flowproof init`, or name yours with --config FILE or FLOWPROOF_CONFIG."
          : "Let the user that runs flowproof read it.",
      },
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${shownAs}:${line}:${col}`;
  };
  const problems = document.errors.map((error) => `${place(error.pos[0])}: ${error.message}`);
  if (problems.length > 0) throw new ConfigError(problems.join("\n"), { hint: "The file is not valid YAML." });
  return {
    value: document.toJS({ maxAliasCount: 100 }),
    at: (path) => place(offsetOf(document, path)),
    atKey: (path, key) => {
      const map = path.length === 0 ? document.contents : document.getIn(path, true);
      const pair = isMap(map)
        ? map.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key)
        : undefined;
      return place(isNode(pair?.key) ? (pair.key.range?.[0] ?? 0) : offsetOf(document, path));
    },
  };
}

function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return isNode(document.contents) ? (document.contents.range?.[0] ?? 0) : 0;
}
