import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { LockedError } from "../util/errors.ts";
import type { Dialect } from "./dialect/dialect.ts";

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  readonly command: string;
}

/** Takes the store's lock and notes beside it who holds it, for whoever comes second; gives what releases it. Throws LockedError. */
export function takeLock(dialect: Pick<Dialect, "lock">, path: string, command: string, since: string): () => void {
  const note = `${path}.lock.json`;
  const release = dialect.lock();
  if (!release) {
    throw new LockedError(`${path}: the store is locked by ${describe(readHolder(note))}`, {
      hint: "Wait until it ends, or end it; the lock goes with its process.",
    });
  }
  const holder: Holder = { pid: process.pid, host: hostname(), since, command };
  rmSync(note, { force: true });
  try {
    writeFileSync(`${note}.partial`, JSON.stringify(holder));
    renameSync(`${note}.partial`, note);
  } catch {
    // The note is a courtesy; the lock holds without it.
  }
  return () => {
    rmSync(note, { force: true });
    release();
  };
}

function readHolder(note: string): Partial<Holder> {
  try {
    return JSON.parse(readFileSync(note, "utf8")) as Partial<Holder>;
  } catch {
    // Its holder may just be writing or removing it.
    return {};
  }
}

function describe({ pid, host, since, command }: Partial<Holder>): string {
  return pid === undefined ? "another process" : `pid ${pid} on host ${host} since ${since} (${command})`;
}
