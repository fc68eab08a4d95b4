import { InvalidArgumentError } from "commander";

/** Reads a whole number from a flag; throws what commander reports with the flag's name. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

/** Reads a span such as `90s`, `10m` or `2h` from a flag, as milliseconds. */
export function span(text: string): number {
  const match = /^(\d{1,6})([smh])$/.exec(text);
  if (!match) throw new InvalidArgumentError("It must be a span such as 90s, 10m or 2h.");
  return Number(match[1]) * { s: 1_000, m: 60_000, h: 3_600_000 }[match[2] as "s" | "m" | "h"];
}

/** Reads a port from a flag. */
export function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError("It must be at most 65535.");
  return port;
}
