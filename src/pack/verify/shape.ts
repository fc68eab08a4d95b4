/** Says what is wrong with a value, or nothing. Files come from anywhere, so nothing in them is taken on trust. */
export type Shape = (value: unknown) => string | undefined;

const when =
  (test: (value: unknown) => boolean, expected: string): Shape =>
  (value) =>
    test(value) ? undefined : `is not ${expected}`;

const matches = (pattern: RegExp, expected: string): Shape =>
  when((value) => typeof value === "string" && pattern.test(value), expected);

export const text: Shape = when((value) => typeof value === "string", "text");
/** A whole number that a double holds exactly, from 0. */
export const count: Shape = when((value) => Number.isSafeInteger(value) && (value as number) >= 0, "a count");
/** SHA-256 in lower-case hexadecimal. */
export const digest: Shape = matches(/^[0-9a-f]{64}$/, "a SHA-256");
export const hexadecimal: Shape = matches(/^(?:[0-9a-f]{2})*$/, "hexadecimal");
/** 32 bytes in base64. */
export const hash64: Shape = matches(/^[A-Za-z0-9+/]{43}=$/, "32 bytes in base64");
export const base64: Shape = matches(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, "base64");

/** Exactly this value. */
export const exactly = (expected: string | number | null): Shape =>
  when((value) => value === expected, JSON.stringify(expected));

export const oneOf = (...values: readonly string[]): Shape =>
  when((value) => values.includes(value as string), values.join(" or "));

export const nullable =
  (shape: Shape): Shape =>
  (value) =>
    value === null ? undefined : shape(value);

export const list =
  (item: Shape): Shape =>
  (value) => {
    if (!Array.isArray(value)) return "is not a list";
    for (let i = 0; i < value.length; i += 1) {
      const wrong = item(value[i]);
      if (wrong) return `[${i}]${joint(wrong)}`;
    }
    return undefined;
  };

/** A list of exactly these. */
export const tuple =
  (...items: readonly Shape[]): Shape =>
  (value) => {
    if (!Array.isArray(value) || value.length !== items.length) return `is not a list of ${items.length}`;
    for (let i = 0; i < items.length; i += 1) {
      const wrong = items[i]?.(value[i]);
      if (wrong) return `[${i}]${joint(wrong)}`;
    }
    return undefined;
  };

/** An object's own fields; those in `optional` may be absent. Other fields are let be. */
export function fields(
  required: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  const all = [
    ...Object.entries(required).map(([name, shape]) => ({ name, shape, must: true })),
    ...Object.entries(optional).map(([name, shape]) => ({ name, shape, must: false })),
  ];
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return "is not an object";
    for (const { name, shape, must } of all) {
      const there = Object.hasOwn(value, name);
      const wrong = there ? shape((value as Record<string, unknown>)[name]) : must ? "is missing" : undefined;
      if (wrong) return `.${name}${joint(wrong)}`;
    }
    return undefined;
  };
}

const joint = (wrong: string): string => (/^[.[]/.test(wrong) ? wrong : ` ${wrong}`);

/** What was read, or in a few words why it could not be. */
export type Read<T> = { readonly value: T; readonly problem?: never } | { readonly problem: string };

/** JSON of the given shape; never throws, whatever the bytes. */
export function readJson<T>(bytes: Uint8Array, shape: Shape): Read<T> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return { problem: "it is not JSON in UTF-8" };
  }
  const wrong = shape(value);
  return wrong === undefined ? { value: value as T } : { problem: wrong.replace(/^\./, "") };
}
