import canonicalize from "canonicalize";

/** A value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

// RFC 8785 cannot carry a lone surrogate: it is written as U+001A and its four hexadecimal digits,
// and U+001A itself likewise, so that nothing is lost and nothing collides.
const unsafe = /\u001a|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const escapeUnits = (text: string): string =>
  text.replace(unsafe, (unit) => `\u001a${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

const restoreUnits = (text: string): string =>
  text.replace(/\u001a([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [map(key), mapStrings(item, map)]));
}

// Well-formed JSON.stringify writes a lone surrogate as a \\ud… escape and U+001A as \\u001a, so this finds all there are.
const escapedUnit = /\\u(001a|d[89a-f])/i;

/** The RFC 8785 text of a JSON value; lone surrogates are escaped reversibly (see {@link parseCanonicalJson}). Throws on BigInt and non-finite numbers. */
export function canonicalJson(value: unknown): string {
  return canonicalForm(value).text;
}

/** The text that {@link canonicalJson} gives, and the value that {@link parseCanonicalJson} reads from it, without parsing it where that changes nothing. */
export function canonicalForm(value: unknown): { readonly text: string; readonly value: unknown } {
  const sorted = withSortedKeys(value);
  if (sorted !== unusual) {
    // RFC 8785 writes strings and numbers as ECMAScript does: sorted keys are all that JSON.stringify leaves to do.
    const text = JSON.stringify(sorted);
    if (!escapedUnit.test(text)) return { text, value: sorted };
  }
  const text = canonicalText(value);
  return { text, value: parseCanonicalJson(text) };
}

function canonicalText(value: unknown): string {
  const text = JSON.stringify(value);
  const escaped = text !== undefined && escapedUnit.test(text);
  const canonical = canonicalize(escaped ? mapStrings(value, escapeUnits) : value);
  if (canonical === undefined) throw new TypeError("canonicalJson: the value has no JSON form");
  return canonical;
}

const unusual = Symbol("not plain JSON with keys that objects keep in their order");

/** A copy with sorted keys, or `unusual` where a copy would be written otherwise than the value itself. */
function withSortedKeys(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) ? value : unusual;
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value !== "object" || "toJSON" in value) return unusual;
  if (Array.isArray(value)) {
    const items = value.map(withSortedKeys);
    return items.includes(unusual) ? unusual : items;
  }
  const sorted: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const item = withSortedKeys((value as Record<string, unknown>)[key]);
    // An object gives number-like keys first, whatever their order was.
    if (item === unusual || (key.charCodeAt(0) <= 0x39 && key >= "0") || key === "__proto__") return unusual;
    sorted[key] = item;
  }
  return sorted;
}

/** The value that {@link canonicalJson} was given. */
export function parseCanonicalJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return text.includes("\\u001a") ? mapStrings(value, restoreUnits) : value;
}

// What stands where a number may begin and has 16 digits or an exponent; a reviver costs several times the parsing.
const mayHoldLargeNumber = /[\s:,[]-?\d(?:\d{15}|[\d.]*e)|^-?\d/i;

/** Parses JSON from a source; an integer that a double cannot hold is kept as its digits, in a string. Throws SyntaxError. */
export function parseSourceJson(text: string): unknown {
  if (!mayHoldLargeNumber.test(text)) return JSON.parse(text);
  // The third argument is ECMAScript's source text access, which TypeScript's library does not know yet.
  const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)
      ? (context?.source ?? value)
      : value;
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
}
