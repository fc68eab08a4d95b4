import type { Check } from "../pack/verify/check.ts";

/** What one thing that was verified came to. */
export interface VerifiedPart {
  readonly part: "verified" | "against" | "continuity" | "deep";
  readonly heading: string;
  readonly checks: readonly Check[];
}
