import type { Verdict } from "../../model/attribute.ts";
import { number } from "../../model/number.ts";

/** Anything that names the record it rests on, or the record's id itself; undefined is left out. */
export type Basis = number | { readonly record: number } | undefined;

const refs = (basis: readonly Basis[]): number[] =>
  [
    ...new Set(basis.filter((one) => one !== undefined).map((one) => (typeof one === "number" ? one : one.record))),
  ].sort((a, b) => a - b);

/** The evidence shows the proposition. */
export const pass = (message: string, ...basis: readonly Basis[]): Verdict => ({
  outcome: "pass",
  message,
  evidence: refs(basis),
});

/** The evidence shows the contrary. */
export const fail = (message: string, ...basis: readonly Basis[]): Verdict => ({
  outcome: "fail",
  message,
  evidence: refs(basis),
});

/** The proposition says nothing about this item. */
export const notApplicable = (message: string, ...basis: readonly Basis[]): Verdict => ({
  outcome: "notApplicable",
  message,
  evidence: refs(basis),
});

/** The evidence cannot say. */
export const notVerifiable = (message: string, ...basis: readonly Basis[]): Verdict => ({
  outcome: "notVerifiable",
  message,
  evidence: refs(basis),
});

export { short } from "../../model/keys.ts";

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** `1 approval`, `2 approvals`. */
export const plural = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

/** Orders by time, then by the source's id, numerically where ids are numbers; an unknown time sorts last. */
export function byTimeThenId<T extends { readonly id: string }>(
  timeOf: (item: T) => string | null,
): (a: T, b: T) => number {
  const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return (a, b) => text(timeOf(a) ?? "9999", timeOf(b) ?? "9999") || a.id.length - b.id.length || text(a.id, b.id);
}
