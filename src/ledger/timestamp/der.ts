/** One value of a DER encoding: its whole bytes, and those after tag and length. */
export interface Der {
  readonly tag: number;
  readonly raw: Uint8Array;
  readonly content: Uint8Array;
}

/** Tags as they stand in the first byte (X.690, 8.1.2). */
export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  /** `[0]`, `[1]`, ... of more than one value. */
  context: (number: number): number => 0xa0 + number,
} as const;

/** Reads the one value that the bytes are. Throws for anything that is not DER, and for bytes after it. */
export function readDer(bytes: Uint8Array): Der {
  const [value, ...more] = readAll(bytes);
  if (!value || more.length > 0) throw new Error("the encoding is not one value of DER");
  return value;
}

/** The values that a value of this tag holds. Throws for any other. */
export const childrenOf = (der: Der | undefined, wanted: number = tag.sequence): Der[] =>
  readAll(expectTag(der, wanted).content);

/** The value, when it bears this tag; throws otherwise. */
export function expectTag(der: Der | undefined, wanted: number): Der {
  if (der?.tag !== wanted) throw new Error(`the encoding lacks a value of tag ${wanted}`);
  return der;
}

/** An object identifier in its dotted form. */
export function oidOf(der: Der | undefined): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of expectTag(der, tag.oid).content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - 40 * top, ...rest].join(".");
}

/** One value of these parts, which are encoded already or, for a plain value, its bytes. */
export function der(tagByte: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concat([new Uint8Array([tagByte, ...lengthBytes(length)]), ...parts]);
}

/** A set, in the order that DER prescribes (X.690, 11.6). */
export const derSet = (tagByte: number, parts: readonly Uint8Array[]): Uint8Array =>
  der(tagByte, ...[...parts].sort((a, b) => Buffer.compare(a, b)));

/** An object identifier of its dotted form. */
export function derOid(dotted: string): Uint8Array {
  const [top = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(tag.oid, new Uint8Array([40 * top + second, ...rest].flatMap(base128)));
}

/** A whole number from 0 on, given big-endian in as many bytes as one likes. */
export function derInteger(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  const short = start < 0 ? new Uint8Array([0]) : bytes.subarray(start);
  return der(tag.integer, (short[0] ?? 0) & 0x80 ? concat([new Uint8Array([0]), short]) : short);
}

export const derNull: Uint8Array = new Uint8Array([tag.null, 0]);

/** Whether both are the same bytes. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

function readAll(bytes: Uint8Array): Der[] {
  const values: Der[] = [];
  for (let at = 0; at < bytes.length; ) {
    const value = readOne(bytes, at);
    values.push(value);
    at += value.raw.length;
  }
  return values;
}

function readOne(bytes: Uint8Array, from: number): Der {
  const first = bytes[from] ?? 0;
  const short = bytes[from + 1];
  if ((first & 0x1f) === 0x1f || short === undefined || short > 0x84 || short === 0x80) {
    throw new Error("the encoding is not DER");
  }
  const count = short > 0x80 ? short - 0x80 : 0;
  const start = from + 2 + count;
  const length = count === 0 ? short : bytes.subarray(from + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  if (start + length > bytes.length) throw new Error("the encoding breaks off");
  if (!sameBytes(bytes.subarray(from + 1, start), lengthBytes(length))) throw new Error("the encoding is not DER");
  return { tag: first, raw: bytes.subarray(from, start + length), content: bytes.subarray(start, start + length) };
}

function lengthBytes(length: number): Uint8Array {
  if (length < 0x80) return new Uint8Array([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return new Uint8Array([0x80 + bytes.length, ...bytes]);
}

function base128(arc: number): number[] {
  const bytes = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(0x80 + (rest % 128));
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
