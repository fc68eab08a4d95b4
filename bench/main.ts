import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Database from "better-sqlite3";
import { packageRoot } from "../src/util/root.ts";

/**
 * Collects, evaluates and prints a simulated organisation, and sets the times beside what cannot be avoided: fetching the
 * same pages with bare fetch, and inserting the same rows with better-sqlite3 alone. Everything runs in one go on one
 * machine, so the ratios hold where the seconds do not. `npm run bench -- 10000`
 */
const changes = Number(process.argv[2] ?? 10_000);
const folder = mkdtempSync(join(tmpdir(), "flowproof-bench-"));
const cli = join(packageRoot(), "src", "cli", "main.ts");
const config = join(folder, "flowproof.config.yaml");
const store = join(folder, "flowproof.db");
const env = { ...process.env, FLOWPROOF_SANDBOX_TOKEN: "bench", FLOWPROOF_CONFIG: config };

interface Timed {
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly lines: readonly Record<string, unknown>[];
}

/** Runs one command of the CLI as a process of its own, measured by the kernel's own count of its memory. */
async function cliCommand(...args: readonly string[]): Promise<Timed> {
  const script = `
    process.on("exit", () => process.stderr.write("\\nPEAK " + process.resourceUsage().maxRSS + "\\n"));
    process.argv.splice(1, 0, ${JSON.stringify(cli)});
    await import(${JSON.stringify(cli)});`;
  const started = performance.now();
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script, "--", ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  child.stderr.on("data", (data) => {
    errors += data;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`flowproof ${args.join(" ")} ended with ${code}\n${errors}`);
  const lines = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    seconds: (performance.now() - started) / 1000,
    peakMegabytes: Number(/PEAK (\d+)/.exec(errors)?.[1] ?? 0) / 1024,
    lines,
  };
}

/** The simulated organisation in a process of its own, so that its work is not counted as ours. */
async function startSandbox() {
  const child = spawn(process.execPath, [cli, "sandbox", "--changes", String(changes), "--write-config", config], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  await once(lines, "line");
  return child;
}

interface Page {
  readonly endpoint: string;
  readonly text: string;
  readonly variables: string;
}

/** Asks every GraphQL page of the collecting again with nothing around fetch, one after the other. */
async function bareFetch(): Promise<{ seconds: number; pages: number }> {
  const db = new Database(store, { readonly: true });
  const pages = db
    .prepare(
      "select endpoint, text, variables from exchange join query_text on digest = query where text like '%query%' order by exchange.id",
    )
    .all() as Page[];
  db.close();
  const started = performance.now();
  for (const { endpoint, text, variables } of pages) {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: { authorization: "bearer bench", "content-type": "application/json" },
      body: JSON.stringify({ query: text, variables: JSON.parse(variables) as unknown }),
    });
    JSON.parse(await response.text());
  }
  return { seconds: (performance.now() - started) / 1000, pages: pages.length };
}

/** Inserts the rows of every table that collecting fills into an empty copy of the schema, in transactions as large as the pages were. */
function rawInserts(): { seconds: number; rows: number } {
  const source = new Database(store, { readonly: true });
  const target = new Database(join(folder, "raw.db"));
  target.pragma("journal_mode = WAL");
  target.pragma("synchronous = FULL");
  target.pragma("foreign_keys = OFF"); // the tables that are referred to are not copied
  const tables = ["exchange", "body", "record", "leaf", "entity"];
  const schema = source
    .prepare(
      "select sql from sqlite_master where sql is not null and type in ('table', 'index') and tbl_name in ('exchange','body','record','leaf','entity')",
    )
    .all() as { sql: string }[];
  for (const { sql } of schema) target.exec(sql);
  const rows = tables.map((table) => ({
    table,
    rows: source.prepare(`select * from ${table}`).raw().all() as unknown[][],
  }));
  const batches = (source.prepare("select count(*) as n from exchange").get() as { n: number }).n;
  const started = performance.now();
  let count = 0;
  for (const { table, rows: all } of rows) {
    const insert = target.prepare(`insert into ${table} values (${all[0]?.map(() => "?").join(",")})`);
    const size = Math.max(1, Math.ceil(all.length / batches));
    for (let from = 0; from < all.length; from += size)
      target.transaction(() => {
        for (const row of all.slice(from, from + size)) insert.run(...row);
      })();
    count += all.length;
  }
  const seconds = (performance.now() - started) / 1000;
  source.close();
  target.close();
  return { seconds, rows: count };
}

const sandbox = await startSandbox();
try {
  const collected = await cliCommand("collect", "--json");
  const again = await cliCommand("collect", "--json");
  const bare = await bareFetch();
  const raw = rawInserts();
  const reported = await cliCommand("report", "--period", "2026-10", "--json");
  const whole = await cliCommand("report", "--period", "2026-05-01..2026-10-31", "--json");
  const figure = (value: number) => value.toFixed(1).padStart(8);
  const summary = collected.lines.at(-1) ?? {};
  console.log(`${changes} simulated changes, ${process.version}, ${process.arch}`);
  console.log(
    `collect            ${figure(collected.seconds)} s ${figure(collected.peakMegabytes)} MB   ${summary.requests} requests, ${summary.points} points, ${summary.newRecords} records`,
  );
  console.log(
    `collect again      ${figure(again.seconds)} s ${figure(again.peakMegabytes)} MB   ${again.lines.at(-1)?.requests} requests, ${again.lines.at(-1)?.newRecords} new records`,
  );
  console.log(
    `report, one month  ${figure(reported.seconds)} s ${figure(reported.peakMegabytes)} MB   ${reported.lines.at(-1)?.pages} pages`,
  );
  console.log(
    `report, six months ${figure(whole.seconds)} s ${figure(whole.peakMegabytes)} MB   ${whole.lines.at(-1)?.pages} pages`,
  );
  console.log(`bare fetch         ${figure(bare.seconds)} s                ${bare.pages} pages`);
  console.log(`raw inserts        ${figure(raw.seconds)} s                ${raw.rows} rows`);
  console.log(`collect / bare fetch                 ${(collected.seconds / bare.seconds).toFixed(2)}`);
  console.log(`(collect - bare fetch) / raw inserts ${((collected.seconds - bare.seconds) / raw.seconds).toFixed(2)}`);
} finally {
  sandbox.kill("SIGTERM");
  await once(sandbox, "close");
  rmSync(folder, { recursive: true, force: true });
}
