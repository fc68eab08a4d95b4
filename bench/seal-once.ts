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
const phases: { readonly text: string; readonly at: number }[] = [];
const progress = (phase: string): void => void phases.push({ text: phase, at: performance.now() });
const ctx = { ...opened, config: { ...opened.config, reports: join(folder, "reports") }, progress };

await collect(ctx);
const drafted = await timed(() => report(ctx, { period }));
const before = process.resourceUsage().maxRSS;
phases.length = 0;
const issued = await timed(() =>
  issue(ctx, { period, by: "Ada Example", role: "CTO", edition: "full", partial: true }),
);
progress("done");
const sealed: Sealed = {
  items: drafted.result.result.population.length,
  report: drafted.seconds,
  issue: issued.seconds,
  // Proving, sealing and recording: judging, laying out and printing are what a draft takes too.
  seal: lasted("proving the records") + lasted("sealing") + lasted(`writing ${issued.result.pack.name}`),
  memory: (process.resourceUsage().maxRSS - before) / 1024,
};
console.log(JSON.stringify(sealed));

/** Seconds from that step on to the next. */
function lasted(phase: string): number {
  const index = phases.findIndex((one) => one.text === phase);
  const [from, to] = [phases[index]?.at, phases[index + 1]?.at];
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
