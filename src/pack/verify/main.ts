import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { plain, reasonOf } from "./findings.ts";
import { continuity, type Verification, verifyPath } from "./index.ts";
import { checkLines, heading, verdict } from "./print.ts";

const usage = `usage: node verify.mjs [PATH] [--against OLDER] [--key KEY] [--json]

  PATH             a pack's folder, or its evidence.zip, pack.html or pack.pdf;
                   without it, the folder that this program lies in
  --against OLDER  a pack that you kept: does PATH continue it?
  --key KEY        the key that PATH must be signed with: its fingerprint, or a
                   PEM file; whether OLDER has the same is told
  --json           the checks as JSON

exit: 0 nothing is broken, 5 something is, 2 the command cannot be carried out`;

interface Arguments {
  readonly path: string;
  readonly against?: string;
  readonly key?: string;
  readonly json: boolean;
}

async function main(): Promise<number> {
  const given = process.argv.slice(2);
  if (given.includes("--help") || given.includes("-h")) {
    console.log(usage);
    return 0;
  }
  const args = read(given);
  if (typeof args === "string") return refuse(args);
  try {
    return await verify(args);
  } catch (error) {
    return refuse(reasonOf(error));
  }
}

async function verify({ path, against, key, json }: Arguments): Promise<number> {
  const options = key === undefined ? {} : { key };
  const pack = await verifyPath(path, options);
  const older = against === undefined ? undefined : await verifyPath(against);
  const chain = older ? continuity(pack, older) : [];
  const all = [...pack.checks, ...(older?.checks ?? []), ...chain];
  const broken = all.some(({ outcome }) => outcome === "broken");
  if (json) {
    const both = { pack: facts(pack), ...(older ? { older: facts(older), continuity: chain } : {}) };
    console.log(JSON.stringify({ outcome: broken ? "broken" : "whole", verdict: verdict(all), ...both }, null, 2));
  } else {
    const parts = [
      [heading(pack), "", ...checkLines(pack.checks)],
      ...(older ? [[heading(older), "", ...checkLines(older.checks)], checkLines(chain)] : []),
      [verdict(all)],
    ];
    console.log(parts.map((lines) => lines.join("\n")).join("\n\n"));
  }
  return broken ? 5 : 0;
}

const facts = ({ kind, name, key, manifest, checkpoint, checks }: Verification): object => ({
  kind,
  name,
  key,
  manifest,
  checkpoint,
  checks,
});

function read(given: readonly string[]): Arguments | string {
  const values: { path?: string; against?: string; key?: string } = {};
  let json = false;
  for (let i = 0; i < given.length; i += 1) {
    const word = given[i] as string;
    const [name, joined] = word.startsWith("--") ? word.split(/=(.*)/s, 2) : [word];
    if (word === "--json") json = true;
    else if (name === "--against" || name === "--key") {
      const value = joined ?? given[++i];
      if (value === undefined) return `${name} needs a value`;
      values[name === "--key" ? "key" : "against"] = value;
    } else if (word.startsWith("-")) return `${word} is not known`;
    else if (values.path !== undefined) return `one PATH, not two: ${values.path} and ${word}`;
    else values.path = word;
  }
  return { path: dirname(fileURLToPath(import.meta.url)), ...values, json };
}

function refuse(problem: string): number {
  console.error(`${plain(problem)}\n\n${usage}`);
  return 2;
}

// Node 18 lacks it, and the canonical form of a text with half a character asks for it.
const texts: { isWellFormed?: unknown } = String.prototype;
texts.isWellFormed ??= function (this: string): boolean {
  return !/\p{Surrogate}/u.test(this);
};

process.exitCode = await main();
