export { loadRecorded } from "./recorded.ts";
export {
  EXTRAS,
  expectedOf,
  type Played,
  prove,
  SCENARIO_LOOKS,
  SCENARIO_PERIOD,
  SCENARIOS,
  type Scenario,
  type Subject,
  scenarioConfig,
} from "./scenarios/index.ts";
export { type Sandbox, startSandbox } from "./server.ts";
export { demoConfig } from "./simulate/demo-config.ts";
export { documents } from "./simulate/documents.ts";
export { incidentList } from "./simulate/incident-list.ts";
export { simulate } from "./simulate/index.ts";
export type { Planted, Truth } from "./truth.ts";
export type { World } from "./world.ts";
export { worldDigest } from "./world-digest.ts";
