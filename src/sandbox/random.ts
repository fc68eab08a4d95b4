/** A stream of reproducible pseudo-random values; the same seed gives the same stream on every machine. */
export interface Random {
  /** A float in [0, 1). */
  next(): number;
  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One item of a list that is not empty. */
  pick<T>(items: readonly T[]): T;
  /** 40 hexadecimal digits. */
  oid(): string;
}

/** Makes a stream from a number and a name, so that parts of one world do not disturb each other (sfc32). */
export function random(seed: number, name: string): Random {
  let [a, b, c, d] = [seed >>> 0, hash(name), 0x9e3779b9, 1];
  const word = () => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 15; round++) word();
  const next = () => word() / 4294967296;
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const hex = () => word().toString(16).padStart(8, "0");
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
    oid: () => Buffer.from(hex() + hex() + hex() + hex() + hex(), "latin1").toString("latin1"),
  };
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
