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

/** The RFC 8785 text of a JSON value; lone surrogates are escaped reversibly (see {@link parseCanonicalJson}). Throws on BigInt and non-finite numbers. */
export function canonicalJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Well-formed JSON.stringify writes a lone surrogate as a \\ud… escape and U+001A as \\u001a, so this finds all there are.
  const escaped = text !== undefined && /\\u(001a|d[89a-f])/i.test(text);
  const canonical = canonicalize(escaped ? mapStrings(value, escapeUnits) : value);
  if (canonical === undefined) throw new TypeError("canonicalJson: the value has no JSON form");
  return canonical;
}

/** The value that {@link canonicalJson} was given. */
export function parseCanonicalJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return text.includes("\\u001a") ? mapStrings(value, restoreUnits) : value;
}

/** Parses JSON from a source; an integer that a double cannot hold is kept as its digits, in a string. Throws SyntaxError. */
export function parseSourceJson(text: string): unknown {
  // The third argument is ECMAScript's source text access, which TypeScript's library does not know yet.
  const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)
      ? (context?.source ?? value)
      : value;
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
}
