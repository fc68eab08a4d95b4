import { withoutTokens } from "../util/without-tokens.ts";

const withoutGithubTokens = withoutTokens("[redacted]", 8);
const others: readonly RegExp[] = [
  /\bglpat-[A-Za-z0-9_-]{8,}/g,
  /(?<=\b(?:bearer|token|basic)\s+)[A-Za-z0-9._~+/=-]{16,}/gi,
  /(?<=:\/\/)[^/\s:@]+:[^/\s@]+(?=@)/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** Makes text from anywhere fit for a terminal or log: known secrets and everything shaped like a token become `[redacted]`, control and direction-changing characters are shown as escapes. */
export function printable(text: string, secrets: readonly string[] = []): string {
  let safe = text;
  for (const secret of secrets) if (secret.length >= 6) safe = safe.replaceAll(secret, "[redacted]");
  safe = withoutGithubTokens(safe);
  for (const pattern of others) safe = safe.replace(pattern, "[redacted]");
  return safe.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    escaped,
  );
}

/** One line of JSON without secrets in any of its strings. */
export function printableJson(value: unknown, secrets: readonly string[] = []): string {
  const clean = (_key: string, item: unknown): unknown => (typeof item === "string" ? printable(item, secrets) : item);
  return JSON.stringify(value, clean);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
