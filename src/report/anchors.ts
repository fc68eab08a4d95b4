import { sha256Hex } from "../util/hash.ts";

/** A reference the reader can follow inside the document. */
export interface Reference {
  readonly text: string;
  readonly anchor: string;
}

const token = (text: string): string => text.replace(/[^A-Za-z0-9._-]/g, "_");

/** Where an item stands in the document; its key is hashed, because keys carry what fragments may not. */
export const itemAnchor = (key: string): string => `item-${sha256Hex(key).slice(0, 12)}`;
export const exceptionAnchor = (id: string): string => `exception-${token(id)}`;
export const controlAnchor = (id: string): string => `control-${token(id)}`;
export const criterionAnchor = (framework: string, id: string): string => `criterion-${token(framework)}-${token(id)}`;
export const recordAnchor = (id: number): string => `r${id}`;
export const leakAnchor = (gate: string): string => `leak-${token(gate)}`;
export const unseenAnchor = (gate: string): string => `unseen-${token(gate)}`;
export const bypassAnchor = (id: string): string => `bypass-${token(id)}`;
export const attestationAnchor = (id: string, sequence: number): string => `attestation-${token(id)}-${sequence}`;
export const accessAnchor = (system: string): string => `access-${token(system)}`;
