export { backupStore, type StoreCopy } from "./backup-store.ts";
export { signedStretches } from "./notes.ts";
export { openStore } from "./open-store.ts";
export { type RestoredStore, restoreStore } from "./restore-store.ts";
export type { EvidenceRow, Store, StoreOptions } from "./store.ts";
