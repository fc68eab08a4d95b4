import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { newSigningKey } from "../../src/ledger/signing-key.ts";
import { type Ended, freshFolder, type RunningSandbox, run, startSandboxProcess, token } from "./flowproof-process.ts";

/** A folder that is configured for a sandbox which serves as long as the tests beside it run. */
export interface Desk {
  readonly cwd: string;
  /** Where its packs are written to. */
  readonly reports: string;
  readonly sandbox: () => RunningSandbox;
  /** Runs the command line there, with a token. */
  readonly flowproof: (...args: readonly string[]) => Promise<Ended>;
  /** The same; fails the test where it does not end well. */
  readonly done: (...args: readonly string[]) => Promise<Ended>;
}

/** Opens a desk for the tests of a `describe`, before its own hooks: `signed` configures a key, `issued` also collects, renders and issues that period. */
export function openDesk({
  serving = [],
  signed = false,
  issued,
}: {
  readonly serving?: readonly string[];
  readonly signed?: boolean;
  readonly issued?: string;
} = {}): Desk {
  const cwd = freshFolder();
  const flowproof = (...args: readonly string[]): Promise<Ended> =>
    run(args, { cwd, env: { FLOWPROOF_SANDBOX_TOKEN: token } });
  const done = async (...args: readonly string[]): Promise<Ended> => {
    const ended = await flowproof(...args);
    expect(ended.code, ended.stderr).toBe(0);
    return ended;
  };
  let sandbox: RunningSandbox;
  beforeAll(async () => {
    sandbox = await startSandboxProcess(cwd, ...serving);
    if (signed || issued !== undefined) {
      writeFileSync(join(cwd, "ledger.key"), newSigningKey(), { mode: 0o600 });
      appendFileSync(join(cwd, "flowproof.config.yaml"), "\nsigning:\n  key: { file: ledger.key }\n");
    }
    if (issued === undefined) return;
    await done("run", "--period", issued);
    await done("issue", "--period", issued, "--by", "Ada Example", "--role", "CTO");
  });
  afterAll(async () => {
    expect((await sandbox.stop()).code).toBe(130);
  });
  return { cwd, reports: join(cwd, "reports", "sandbox"), sandbox: () => sandbox, flowproof, done };
}
