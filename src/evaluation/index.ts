export { evaluate, recordIds } from "./evaluate.ts";
export type { EvaluationInput, SeenBypass, SeenPolicy, SeenWaiver } from "./input.ts";
export { type Difference, differencesBetween, itemsCompared } from "./restate.ts";
