import { redacted } from "./redacted.ts";

/**
 * JSON with sorted keys and two spaces, a list of plain values on one line: the same value gives the same bytes, and a
 * difference shows in the line it is in. Lone surrogates are written as escapes, tokens are left out.
 */
export function sortedJson(value: unknown): string {
  const parts: string[] = [];
  write(value, "\n", parts);
  parts.push("\n");
  return parts.join("");
}

function write(value: unknown, line: string, parts: string[]): void {
  if (value === null || typeof value !== "object") {
    parts.push(JSON.stringify(typeof value === "string" ? redacted(value) : value));
    return;
  }
  const entries = Array.isArray(value)
    ? value.map((item) => ["", item] as const)
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => [`${JSON.stringify(key)}: `, item] as const);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const flat = Array.isArray(value) && value.every((item) => item === null || typeof item !== "object");
  const inner = flat ? "" : `${line}  `;
  entries.forEach(([key, item], index) => {
    parts.push(index === 0 ? `${open}` : flat ? ", " : ",", inner, key);
    write(item, inner, parts);
  });
  parts.push(entries.length === 0 ? `${open}${close}` : `${flat ? "" : line}${close}`);
}
