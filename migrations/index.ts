import type { Kysely } from "kysely";
import { up as evidenceStore } from "./2026-11-21-evidence-store.ts";
import { up as signedNotes } from "./2026-11-21-signed-notes.ts";

/** One step of the store's schema; runs once, in a transaction of its own together with its version. */
export interface Migration {
  readonly name: string;
  readonly up: (db: Kysely<never>) => Promise<void>;
}

/** Every migration in order: a store's schema version is how many of them it has seen. Frozen once landed. */
export const migrations: readonly Migration[] = [
  { name: "2026-11-21-evidence-store", up: evidenceStore },
  { name: "2026-11-21-signed-notes", up: signedNotes },
];
