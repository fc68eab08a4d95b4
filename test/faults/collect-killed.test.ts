import { createHash } from "node:crypto";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, expect, it } from "vitest";
import type { AssessmentResult } from "../../src/model/assessment.ts";
import { assess } from "../../src/pipeline/assess.ts";
import { openContext } from "../../src/pipeline/context.ts";
import { systemClock } from "../../src/util/clock.ts";
import { parsePeriod } from "../../src/util/period.ts";
import { freshFolder, type RunningSandbox, run, start, startSandboxProcess } from "../e2e/flowproof-process.ts";

const env = { FLOWPROOF_SANDBOX_TOKEN: "any" };
let sandbox: RunningSandbox | undefined;
afterAll(async () => {
  await sandbox?.stop();
});

/** Every record by what it is and the SHA-256 of its canonical body: what two stores of the same source have in common. */
function recordDigests(cwd: string): readonly string[] {
  const db = new Database(join(cwd, "flowproof.db"), { readonly: true });
  const rows = db
    .prepare(
      "select stream, kind, external_id, content from record join body on body.id = body_id where stream not like 'flowproof/%'",
    )
    .all() as { stream: string; kind: string; external_id: string; content: string }[];
  db.close();
  return rows
    .map(({ stream, kind, external_id, content }) =>
      [stream, kind, external_id, createHash("sha256").update(content).digest("hex")].join(" "),
    )
    .sort();
}

/** What was judged and how; record ids and the runs' times differ between two stores, what they say must not. */
async function outcomes(cwd: string): Promise<readonly string[]> {
  const ctx = openContext({
    configFile: join(cwd, "flowproof.config.yaml"),
    clock: systemClock,
    signal: new AbortController().signal,
    progress: () => {},
    env,
  });
  const result: AssessmentResult = await assess(ctx, { period: parsePeriod("2026-10", "UTC", systemClock()) });
  return result.population.flatMap((item) =>
    item.observations.map(({ attribute, outcome }) => `${item.key} ${attribute} ${outcome}`),
  );
}

it("killed with -9 again and again while collecting, it ends with the same records, population and outcomes as undisturbed", async () => {
  const calm = freshFolder();
  const killed = freshFolder();
  sandbox = await startSandboxProcess(calm, "--changes", "120", "--faults", "slow:40");
  copyFileSync(join(calm, "flowproof.config.yaml"), join(killed, "flowproof.config.yaml"));
  expect((await run(["collect"], { cwd: calm, env })).code).toBe(0);

  let cut = 0;
  for (const wait of [100, 300, 600, 900]) {
    const started = start(["collect"], { cwd: killed, env });
    await started.shows(/github: /);
    await new Promise((resolve) => setTimeout(resolve, wait));
    started.child.kill("SIGKILL");
    if ((await started.ended).code === null) cut++;
  }
  expect(cut).toBeGreaterThan(1);
  expect(recordDigests(killed).length).toBeLessThan(recordDigests(calm).length);

  const last = await run(["collect"], { cwd: killed, env });
  expect(last.code, last.stderr).toBe(0);
  expect(recordDigests(killed)).toEqual(recordDigests(calm));
  const judged = await outcomes(calm);
  expect(judged.length).toBeGreaterThan(100);
  expect(await outcomes(killed)).toEqual(judged);
});
