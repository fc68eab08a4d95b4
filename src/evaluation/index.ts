export { evaluate, evaluateWithParts, recordIds } from "./evaluate.ts";
export type { EvaluationInput, SeenBypass, SeenPolicy, SeenWaiver } from "./input.ts";
export type { SeenOverride } from "./overrides.ts";
export { partsOf } from "./parts.ts";
export { type Difference, differencesBetween, itemsCompared } from "./restate.ts";
