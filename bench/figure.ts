/** One measured value; `goal` is absent where none was set. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit?: "s" | "MB";
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
  /** What the value was measured on. */
  readonly note?: string;
}

/** The figure as one line: name, value, goal, whether it is met, and what it was measured on. */
export function figureLine({ name, value, unit, goal, note = "" }: Figure): string {
  const digits = Number.isInteger(value) ? 0 : 2;
  const shown = [value.toFixed(digits), unit].filter(Boolean).join(" ");
  return [name.padEnd(52), shown.padStart(9), judged(value, goal).padEnd(22), note].join("  ").trimEnd();
}

function judged(value: number, goal: Figure["goal"]): string {
  if (!goal) return "";
  const [bound, met] =
    "atMost" in goal
      ? [`at most ${goal.atMost}`, value <= goal.atMost]
      : [`at least ${goal.atLeast}`, value >= goal.atLeast];
  return `${bound.padEnd(14)}${met ? "met" : "not met"}`;
}
