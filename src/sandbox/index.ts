export { loadRecorded } from "./recorded.ts";
export { type Sandbox, startSandbox } from "./server.ts";
export { demoConfig } from "./simulate/demo-config.ts";
export { simulate } from "./simulate/index.ts";
export type { Planted, Truth } from "./truth.ts";
export type { World } from "./world.ts";
export { worldDigest } from "./world-digest.ts";
