import type { Config } from "../config/config.ts";
import { type SigningKey, signingKey } from "../ledger/signing-key.ts";

/** The configured key; undefined where none is configured. Throws ConfigError where it cannot be read. */
export function signerOf({ signing }: Pick<Config, "signing">): SigningKey | undefined {
  return signing && signingKey(signing.readKey(), signing.origin);
}
