import { readFileSync } from "node:fs";
import type { Document } from "yaml";
import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, visit } from "yaml";
import { ConfigError } from "./errors.ts";

export type Path = readonly (string | number)[];

/** A YAML file's value, and where in the file each part of it stands. */
export interface LocatedYaml {
  readonly value: unknown;
  /** `file:line:column` of the value at the path, or of the nearest thing around it that is written. */
  at(path: Path): string;
  /** `file:line:column` of a key in the map at the path. */
  atKey(path: Path, key: string): string;
}

/** Reads one YAML 1.2 document from a file. Throws ConfigError as {@link parseYaml} does, and where there is none. */
export function readYaml(file: string, shownAs: string): LocatedYaml {
  let source: string;
  try {
    source = readFileSync(file, "utf8");
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new ConfigError(
      missing ? `there is no configuration at ${shownAs}` : `${shownAs} cannot be read: ${(cause as Error).message}`,
      {
        cause,
        hint: missing
          ? "Write one with `flowproof init`, or name yours with --config FILE or FLOWPROOF_CONFIG."
          : "Name a file that the user who runs flowproof can read.",
      },
    );
  }
  return parseYaml(source, shownAs);
}

/** Reads one YAML 1.2 document. What the parser objects to first is a ConfigError with its place: most of what follows comes of it. */
export function parseYaml(source: string, shownAs: string): LocatedYaml {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${shownAs}:${line}:${col}`;
  };
  const [problem] = problemsOf(document).sort((a, b) => a.offset - b.offset);
  if (problem) {
    const hint = "The file is not valid YAML there: look at this line and the one above it, and run it again.";
    throw new ConfigError(`${place(problem.offset)}: ${problem.text}`, { hint });
  }
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

interface Problem {
  readonly offset: number;
  readonly text: string;
}

function problemsOf(document: Document.Parsed): Problem[] {
  const problems = document.errors.map(({ code, pos, message }): Problem => {
    const text = code === "MULTIPLE_DOCS" ? "a second document begins here; keep one in a file" : message;
    return { offset: pos[0], text };
  });
  // The parser leaves these to whoever resolves them.
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document)) return;
      const text = `nothing is called \`&${alias.source}\` above; put \`*${alias.source}\` in quotes if it is a text`;
      problems.push({ offset: alias.range?.[0] ?? 0, text });
    },
  });
  return problems;
}

function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return isNode(document.contents) ? (document.contents.range?.[0] ?? 0) : 0;
}
