/** What the flags of commands may be, from where it is defined; nothing here takes a while to load. */
export { attestationKinds } from "../model/attestation-kinds.ts";
export { samplePopulations, strataKinds } from "../model/sample.ts";
export { samplePresets } from "../model/sample-size.ts";
