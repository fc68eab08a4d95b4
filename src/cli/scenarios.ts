import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runScenarios, type ScenarioFinding, scenariosNamed } from "../pipeline/scenarios.ts";
import { logicTestOf, writeLogicTest } from "../pipeline/write-logic-test.ts";
import { ConfigError, FlowproofError } from "../util/errors.ts";
import { exitCode } from "./exit-code.ts";
import { listenForSignals } from "./signals.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** How many characters of a message are printed. */
const MOST = 160;
/** How many of them come at least after the words that it is about. */
const REST = 24;
const json = process.argv.includes("--json");
const terminal = openTerminal({ json, verbose: process.argv.includes("--verbose") });
process.exitCode = await run(terminal);

/** `npm run scenarios`: every catalogued way round the controls, played, collected and judged; 1 on any difference. With `--write` the packs of this version say what was found. */
async function run(to: Terminal): Promise<number> {
  const interruption = listenForSignals();
  const directory = mkdtempSync(join(tmpdir(), "flowproof-scenarios-"));
  try {
    const flag = { type: "boolean" } as const;
    const { values } = parseArgs({
      options: { json: flag, verbose: flag, write: flag, only: { type: "string", multiple: true } },
    });
    if (values.write && values.only)
      throw new ConfigError("--write writes down what all scenarios gave, and --only leaves some out");
    const summary = await runScenarios({
      directory,
      env: process.env,
      signal: interruption.signal,
      progress: (text) => to.progress(text),
      ...(values.only ? { scenarios: scenariosNamed(values.only) } : {}),
    });
    const { scenarios, beyond, catalogue, requests } = summary;
    to.line("number = entry of the catalogue, - = a situation by name");
    for (const finding of scenarios) tell(to, finding);
    for (const line of beyond) to.line(`beyond the scenarios: ${line}`);
    const differing = scenarios.filter(({ differences }) => differences.length > 0).length;
    to.line();
    to.line(
      `${scenarios.length} scenarios: ${scenarios.length - differing} as expected, ${differing} differ; ${beyond.length} outcomes beyond them; ${requests} requests`,
    );
    const { played, onEntries, byName } = catalogue;
    to.line(`on entries of the catalogue ${onEntries}, by name alone ${byName}`);
    to.line(`entries played, ${played.length}: ${played.join(", ") || "none"}`);
    if (values.write) {
      writeLogicTest(logicTestOf(summary));
      to.line("written to controls/logic-test.json");
    }
    to.data("scenarios", { scenarios: scenarios.length, differing, beyond, ...catalogue, requests });
    return differing + beyond.length > 0 ? exitCode.unexpected : exitCode.done;
  } catch (error) {
    to.error(error);
    return interruption.exitCode() ?? (error instanceof FlowproofError ? error.exitCode : exitCode.unexpected);
  } finally {
    interruption.release();
    rmSync(directory, { recursive: true, force: true });
  }
}

function tell(to: Terminal, finding: ScenarioFinding): void {
  const { name, covers, expected, found, message, differences, because } = finding;
  const numbers = covers.filter((each) => typeof each === "number").join(", ") || "-";
  const isMet = differences.length === 0;
  const indent = " ".repeat(17);
  to.line(`${numbers.padStart(6)}  ${isMet ? "ok     " : "DIFFERS"}  ${name}`);
  to.line(`${indent}expected  ${expected.join("; ") || "no alarm"}: ${because}`);
  to.line(
    `${indent}found     ${found.join("; ") || "no alarm"}${message.text === "" ? "" : `: ${shortened(message)}`}`,
  );
  for (const difference of differences) to.line(`${indent}          ${difference}`);
  to.data("scenario", finding);
}

/** As much of a message as a line bears, with the words that it is about in it, from word to word. */
function shortened({ text, about }: ScenarioFinding["message"]): string {
  if (text.length <= MOST) return text;
  const end = text.indexOf(about) + about.length + REST;
  const from = Math.max(0, end - MOST);
  const begin = from === 0 ? "" : "… ";
  const part = text.slice(from, from + MOST);
  const trimmed = from === 0 ? part : part.replace(/^\S*\s*/, "");
  return from + MOST >= text.length ? `${begin}${trimmed}` : `${begin}${trimmed.replace(/[\s,;:]*\S*$/, "")} …`;
}
