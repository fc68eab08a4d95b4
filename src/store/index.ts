export { openStore } from "./open-store.ts";
export type { Store, StoreOptions } from "./store.ts";
