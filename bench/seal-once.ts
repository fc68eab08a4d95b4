import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newSigningKey } from "../src/ledger/signing-key.ts";
import { selfSignedCertificate } from "../src/pack/pdf/certificate.ts";
import { collect } from "../src/pipeline/collect.ts";
import { issue } from "../src/pipeline/issue.ts";
import { report } from "../src/pipeline/report.ts";
import { parsePeriod } from "../src/util/period.ts";
import type { Sealed } from "./seal.ts";
import { contextOf, timed } from "./workbench.ts";

/** Collects, drafts and issues a period, and prints what it took as JSON: `node bench/seal-once.ts CONFIG PERIOD FOLDER` */
const [given = "", text = "", folder = ""] = process.argv.slice(2);
const period = parsePeriod(text, "UTC", new Date());
const opened = contextOf(await signingConfig(), join(folder, "flowproof.db"));
type Phases = { readonly text: string; readonly at: number }[];
let phases: Phases = [];
const progress = (text: string): void => void phases.push({ text, at: performance.now() });
const ctx = { ...opened, config: { ...opened.config, reports: join(folder, "reports") }, progress };

await collect(ctx);
const drafting: Phases = [];
phases = drafting;
const drafted = await timed(() => report(ctx, { period }));
const before = process.resourceUsage().maxRSS;
const issuing: Phases = [];
phases = issuing;
const issued = await timed(() =>
  issue(ctx, { period, by: "Ada Example", role: "CTO", edition: "full", partial: true }),
);
progress("done");
const sealed: Sealed = {
  items: drafted.result.result.population.length,
  report: drafted.seconds,
  issue: issued.seconds,
  // Proving, sealing and recording, and writing the document out as a browser does, which happens while it is laid out:
  // judging, rendering and printing are what a draft takes too.
  seal:
    lasted(issuing, "proving the records") +
    lasted(issuing, "sealing") +
    lasted(issuing, `writing ${issued.result.pack.name}`) +
    Math.max(0, lasted(issuing, "laying out") - lasted(drafting, "laying out")),
  memory: (process.resourceUsage().maxRSS - before) / 1024,
};
if (process.env.DEBUG)
  for (const all of [drafting, issuing])
    for (const [i, one] of all.entries()) console.error(one.text, ((all[i + 1]?.at ?? one.at) - one.at).toFixed(0));
console.log(JSON.stringify(sealed));

/** Seconds from that step on to the next. */
function lasted(all: Phases, phase: string): number {
  const index = all.findIndex((one) => one.text === phase);
  const next = all.findIndex((one, at) => at > index && !one.text.startsWith(phase));
  const [from, to] = [all[index]?.at, all[next]?.at];
  if (from === undefined || to === undefined) throw new Error(`issuing did not say "${phase}"`);
  return (to - from) / 1000;
}

async function signingConfig(): Promise<string> {
  const { certificate, key } = await selfSignedCertificate({
    organisation: "Riverbank",
    from: "2026-01-01T00:00:00Z",
    years: 10,
  });
  const secret = { mode: 0o600 };
  writeFileSync(join(folder, "ledger.pem"), newSigningKey(), secret);
  writeFileSync(join(folder, "pdf.pem"), certificate);
  writeFileSync(join(folder, "pdf.key"), key, secret);
  const file = join(folder, "flowproof.config.yaml");
  const signing = "signing:\n  key: { file: ledger.pem }\n  certificate: { file: pdf.pem, key: { file: pdf.key } }\n";
  writeFileSync(file, `${readFileSync(given, "utf8")}${signing}`);
  return file;
}
