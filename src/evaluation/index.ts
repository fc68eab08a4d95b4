export { evaluate, recordIds } from "./evaluate.ts";
export type { EvaluationInput, SeenBypass, SeenPolicy, SeenWaiver } from "./input.ts";
