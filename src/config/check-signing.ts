import { resolve } from "node:path";
import type { Path } from "../util/located-yaml.ts";
import { isLoopback } from "../util/loopback.ts";
import { whySigningKeyExposed } from "./credential.ts";
import type { ConfigFile } from "./schema.ts";

/** Is told what is wrong, and where in the file. */
export type Say = (path: Path, text: string) => void;

/** Checks that nobody but their owner can read the keys, and where timestamps are asked for; plain http is only warned of, as a token is signed and many authorities speak nothing else. */
export function checkSigning({ signing }: ConfigFile, directory: string, problem: Say, warning: Say): void {
  if (!signing) return;
  const { key, certificate, timestamp } = signing;
  for (const [path, secret] of [
    [["signing", "key", "file"], key],
    [["signing", "certificate", "key", "file"], certificate?.key],
  ] as const) {
    const exposed = secret && "file" in secret ? whySigningKeyExposed(resolve(directory, secret.file)) : undefined;
    if (exposed) problem(path, exposed);
  }
  if (timestamp) {
    const at: Path = ["signing", "timestamp", "url"];
    if (isPlain(timestamp.url))
      warning(
        at,
        `${timestamp.url} is asked unencrypted: who listens learns when a checkpoint was made, and its digest`,
      );
    checkCredentialFree(timestamp.url, { at, instead: "" }, problem);
  }
}

interface Address {
  readonly at: Path;
  /** What goes there. */
  readonly sent: string;
  /** Where a credential is put instead. */
  readonly instead: string;
}

/** An address goes over TLS unless it is this machine's, and holds no credential. */
export function checkAddress(address: string, { at, sent, instead }: Address, problem: Say): void {
  if (isPlain(address))
    problem(at, `${address} would send ${sent} unencrypted; http:// is accepted only on this machine, write https://`);
  checkCredentialFree(address, { at, instead }, problem);
}

function isPlain(address: string): boolean {
  const url = new URL(address);
  return url.protocol === "http:" && !isLoopback(url.hostname);
}

function checkCredentialFree(address: string, { at, instead }: Omit<Address, "sent">, problem: Say): void {
  const url = new URL(address);
  if (url.username || url.password || url.search)
    problem(at, `an address carries no user, password or query${instead}`);
}
