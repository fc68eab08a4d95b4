import { sha256Hex } from "../util/hash.ts";
import { isLoopback } from "../util/loopback.ts";
import { redacted } from "./redacted.ts";

// Everything that steers, hides or breaks text instead of showing it: C0 and C1 controls, soft hyphen, bidirectional
// controls, zero-width characters and fillers, separators, annotations, tag characters, selectors, lone surrogates.
const unseen =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is meant by itself, the joining ones above all.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

// A fifth combining mark on one letter serves no language; hundreds cover the lines around it.
const stacked = /(?<=\p{M}{4})\p{M}/gu;

// Most text, of which nothing is to be shown otherwise: a pack has millions of characters.
const plain = /^[ -~]*$/;

const name = (text: string): string => `‹U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}›`;

// In one word with Latin letters, what looks like one of them and is not: "p\u0430yments". A word of one script is a word.
const word = /[\p{L}\p{M}]+/gu;
const alike =
  /[\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03b1\u03b3\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5\u0405\u0406\u0408\u0410\u0412\u0415\u041a\u041c-\u041e\u0420-\u0423\u0425\u0430\u0432\u0433\u0435\u043a\u043c-\u043e\u043f-\u0443\u0445\u0455\u0456\u0458\u04ae\u04af\u04bb\u04c0\u04cf\u0501\u051b\u051d]/gu;

/**
 * Text in which every character that could steer, hide or reorder others, or pass for a Latin one, is written out as
 * `‹U+202E›`, and tokens are left out.
 */
export const visible = (text: string): string => writtenOut(redacted(text));

function writtenOut(text: string): string {
  if (plain.test(text)) return text;
  const shown = text.replace(unseen, name).replace(stacked, name);
  return shown.replace(word, (letters) => (/\p{Script=Latin}/u.test(letters) ? letters.replace(alike, name) : letters));
}

/** Visible text of at most `limit` characters; what was longer ends with its length and a digest of the whole. */
export function cut(text: string, limit: number): string {
  // Before the cut, or half a token would no longer look like one.
  const whole = redacted(text);
  if (whole.length <= limit) return writtenOut(whole);
  const head = Array.from(whole.slice(0, limit + 1))
    .slice(0, -1)
    .join("");
  return `${writtenOut(head)}… (${text.length.toLocaleString("en-GB")} characters, SHA-256 ${sha256Hex(text).slice(0, 12)})`;
}

/** The address where it may be linked to: https, or http on loopback, without credentials or tokens; else null. */
export function linkable(url: string | null): string | null {
  if (url === null || url.length > 2000 || redacted(url) !== url || !URL.canParse(url)) return null;
  const { protocol, hostname, username, password, href } = new URL(url);
  if (username !== "" || password !== "") return null;
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname)) ? href : null;
}

const limits: Readonly<Record<string, number>> = { title: 200, label: 120, actor: 160 };
const longest = 2000;

/** A copy in which every text may be shown: visible, cut to size, and under `url` only what may be linked to. */
export function presentable<T>(value: T, key = ""): T {
  if (typeof value === "string") {
    return (key === "url" ? linkable(value) : cut(value, limits[key] ?? longest)) as T;
  }
  if (Array.isArray(value)) return value.map((item) => presentable(item, key)) as T;
  if (value === null || typeof value !== "object") return value;
  // Not by entries: a pack has millions of them.
  const shown: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const item = presentable((value as Record<string, unknown>)[name], name);
    if (name === "__proto__") Object.defineProperty(shown, name, { value: item, enumerable: true });
    else shown[visible(name)] = item;
  }
  return shown as T;
}
