/** A login, a display name, an address or an account's id of a person; `person` is equal for all of one person. */
export interface PersonalName {
  readonly text: string;
  readonly person: string;
  readonly kind: "login" | "name" | "email" | "id";
}

/** What stands for whom: equal persons, equal pseudonyms. */
export interface Pseudonyms {
  readonly person: (person: string) => string;
  /** Of an address that is nobody's known. */
  readonly address: (address: string) => string;
}

interface Form {
  readonly text: string;
  /** Where its first word stands in it. */
  readonly offset: number;
  readonly person: string;
  /** Replaced only where it stands for an account: `login (id)`, `@login`, `source:login`. */
  readonly marked: boolean;
}

/** In lower case, character for character, so that a place in it is a place in the text. */
function folded(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (one) => (one.toLowerCase().length === one.length ? one.toLowerCase() : one)).join("");
}

const word = /[\p{L}\p{N}\p{M}]+/gu;
const wordAfter = /^[\p{L}\p{N}\p{M}]/u;
const address = /[^\s<>()[\]{}"'“”‘’,;:@/\\|=*`]+(?:@|%40)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/giu;

/** The ways a name is written: both normal forms, as JSON and addresses escape it, and words joined as branches join them. */
function spellings(text: string): readonly string[] {
  const joined = /\s/.test(text.trim())
    ? ["-", ".", "_", "+", "%20", ""].map((by) => text.trim().replace(/\s+/g, by))
    : [];
  const plain = [text.trim(), ...joined].flatMap((one) => [one.normalize("NFC"), one.normalize("NFD")]);
  const escaped = plain.flatMap((one) => [one, JSON.stringify(one).slice(1, -1), encoded(one)]);
  return [...new Set(escaped.map(folded))].filter((one) => one !== "");
}

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

/**
 * Replaces names as whole words, in any case, the longest first, and every address. A name that is also an ordinary word
 * is replaced bare only where `bare` is asked for: in texts of the source, not in sentences of this tool.
 */
export function nameReplacer(
  names: readonly PersonalName[],
  ordinary: (name: string) => boolean,
  pseudonyms: Pseudonyms,
): (text: string, bare: boolean) => string {
  const byWord = new Map<string, Form[]>();
  const wordless: Form[] = [];
  const addresses = new Map<string, string>();
  const ids = new Set(names.filter(({ kind }) => kind === "id").map(({ text }) => text));
  for (const { text, person, kind } of names) {
    if (text.includes("@") && !addresses.has(folded(text))) addresses.set(folded(text), person);
    for (const spelling of spellings(text)) {
      const first = spelling.match(word)?.[0];
      const form = {
        text: spelling,
        offset: first ? spelling.indexOf(first) : 0,
        person,
        marked: kind === "id" || ordinary(spelling),
      };
      if (first === undefined) wordless.push(form);
      else byWord.set(first, [...(byWord.get(first) ?? []), form]);
    }
  }
  for (const forms of byWord.values()) forms.sort((a, b) => b.text.length - a.text.length);

  const found = (text: string, lower: string, at: number, first: string, bare: boolean) =>
    byWord.get(first)?.find((form) => {
      const start = at - form.offset;
      const end = start + form.text.length;
      return (
        start >= 0 &&
        lower.startsWith(form.text, start) &&
        !wordAfter.test(lower.slice(end, end + 2)) &&
        ((bare && !ids.has(form.text)) || !form.marked || isMarked(text, start, end))
      );
    });

  const named = (text: string, bare: boolean): string => {
    const lower = folded(text);
    const parts: string[] = [];
    let done = 0;
    for (const { 0: first, index } of lower.matchAll(word)) {
      if (index < done) continue;
      const form = found(text, lower, index, first, bare);
      const start = index - (form?.offset ?? 0);
      if (!form || start < done) continue;
      const end = start + form.text.length;
      const id = /^ ?\(\d+\)/.exec(text.slice(end, end + 24));
      parts.push(text.slice(done, start), pseudonyms.person(form.person));
      done = end + (id?.[0].length ?? 0);
    }
    const whole = parts.join("") + text.slice(done);
    return wordless.reduce((rest, form) => rest.replaceAll(form.text, pseudonyms.person(form.person)), whole);
  };

  return (text, bare) => {
    const parts: string[] = [];
    let done = 0;
    for (const { 0: one, index } of text.matchAll(address)) {
      const person = addresses.get(folded(one).replace("%40", "@"));
      parts.push(named(text.slice(done, index), bare));
      parts.push(person === undefined ? pseudonyms.address(folded(one)) : pseudonyms.person(person));
      done = index + one.length;
    }
    parts.push(named(text.slice(done), bare));
    return parts.join("").replace(/(\bperson-\d+) (?:<\1>|\(\1\))/g, "$1");
  };
}

/** Whether the place in the text stands for an account, whatever the word otherwise means. */
function isMarked(text: string, start: number, end: number): boolean {
  if (/^ \(\d+\)/.test(text.slice(end, end + 24))) return true;
  const before = text.slice(Math.max(0, start - 2), start);
  return (
    /(?:@|[\p{L}\p{N}]:)$/u.test(before) ||
    (before.endsWith("(") && text[end] === ")" && /^\d+$/.test(text.slice(start, end)))
  );
}
