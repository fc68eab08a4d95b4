import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runScenarios, scenariosNamed } from "../pipeline/scenarios.ts";
import { exitCode } from "./exit-code.ts";
import { openTerminal } from "./terminal.ts";

/** `npm run scenarios`: every catalogued way round the controls, played, collected and judged; fails on any difference. */
const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, only: { type: "string", multiple: true } },
});
const indent = " ".repeat(17);
const terminal = openTerminal({ json: values.json, verbose: false });
const directory = mkdtempSync(join(tmpdir(), "flowproof-scenarios-"));
try {
  const {
    scenarios,
    beyond,
    numbers: covered,
    extras,
    requests,
  } = await runScenarios({
    directory,
    env: process.env,
    signal: new AbortController().signal,
    progress: (text) => terminal.progress(text),
    ...(values.only ? { scenarios: scenariosNamed(values.only) } : {}),
  });
  for (const finding of scenarios) {
    const { name, covers, expected, found, differences, because } = finding;
    const numbers = covers.filter((each) => typeof each === "number").join(", ") || "-";
    const isMet = differences.length === 0;
    terminal.line(`${numbers.padStart(6)}  ${isMet ? "ok     " : "DIFFERS"}  ${name}`);
    terminal.line(`${indent}expected  ${expected.join("; ") || "no alarm"}: ${because}`);
    terminal.line(`${indent}found     ${isMet ? "the same" : found.join("; ") || "no alarm"}`);
    for (const difference of differences) terminal.line(`${indent}          ${difference}`);
    terminal.data("scenario", finding);
  }
  for (const line of beyond) terminal.line(`beyond the scenarios: ${line}`);
  const differing = scenarios.filter(({ differences }) => differences.length > 0).length;
  terminal.line();
  terminal.line(
    `${scenarios.length} scenarios, ${scenarios.length - differing} as expected, ${differing} differ, ${beyond.length} outcomes beyond them; ${requests} requests`,
  );
  terminal.line(`catalogue   ${covered.join(", ")}; and ${extras.length} situations by name`);
  terminal.data("scenarios", { scenarios: scenarios.length, differing, beyond, numbers: covered, extras, requests });
  if (differing > 0 || beyond.length > 0) process.exitCode = exitCode.unexpected;
} catch (error) {
  terminal.error(error);
  process.exitCode = exitCode.unexpected;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
