import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command, Option } from "commander";
import { samplePopulations, samplePresets, strataKinds } from "../../pipeline/choices.ts";
import type { TakenSample } from "../../pipeline/sample.ts";
import type { PipelineContext } from "../../pipeline/types.ts";
import { ConfigError } from "../../util/errors.ts";
import { parseCutOff, parsePeriod, periodForms } from "../../util/period.ts";
import { type CommandSession, nextAfter, openSession, pipelineBase } from "../command-session.ts";
import { pathHere } from "../next-command.ts";
import { wholeNumber } from "../numbers.ts";
import { type SizeFlags, sizeWords, tellPopulation, tellSample } from "../tell-sample.ts";

interface Options extends SizeFlags {
  readonly period: string;
  readonly population: keyof typeof samplePopulations;
  readonly asOf?: string;
  readonly pack?: string;
  readonly seed?: string;
  readonly digest?: string;
  readonly items?: string;
  readonly internal?: boolean;
  readonly record?: string;
  readonly out?: string;
}

/** `flowproof sample`: draws a sample that anybody can draw again, and writes its work papers. */
export function sampleCommand(session: CommandSession): Command {
  return new Command("sample")
    .description("Draw a sample that anybody can draw again, and write a work paper for each item of it.")
    .option("--period <period>", `${periodForms}, in the configured time zone`, "last-month")
    .addOption(
      new Option("--population <what>", "what is sampled").choices(Object.keys(samplePopulations)).default("changes"),
    )
    .option(
      "--as-of <time>",
      "leave out evidence after this instant or day (default: as the period's issued pack does)",
    )
    .option("--pack <dir>", "draw from a pack's folder, verified first, instead of the store")
    .option("--seed <text>", "the auditor's, given after the population was fixed: draws")
    .option("--digest <hex>", "with --seed: the population it was given for (default: the one fixed last)")
    .option("--size <n>", "how many", wholeNumber)
    .addOption(new Option("--preset <frequency>", "as many as firms commonly take").choices(Object.keys(samplePresets)))
    .option("--confidence <percent>", "with --tolerable and --expected: as many as show it", rate)
    .option("--tolerable <percent>", "the rate of deviations that must not be exceeded", rate)
    .option("--expected <n>", "how many deviations the sample may hold", wholeNumber)
    .addOption(new Option("--by <strata>", "each stratum in proportion, with one at least").choices(strataKinds))
    .option("--items <file>", "the auditor's own list: numbers, commits, addresses, one a line or first in a CSV file")
    .option("--internal", "a re-review by persons without a part in the changes: draws, and writes a form to fill in")
    .option("--record <file>", "record a filled form in the ledger")
    .option(
      "--out <dir>",
      "the sample's folder (default: beside the packs, named after seed, size, strata and population)",
    )
    .addHelpText(
      "after",
      `
Two steps, so that nobody can choose a seed that suits: without --seed, the population's digest is printed and recorded
in the ledger; then the auditor gives a seed. Each key is ranked by SHA-256 of digest, seed and key, joined as text; the
lowest come first. The commands that draw it again with sha256sum and sort are printed.

Presets: daily 25, weekly 5, monthly 2, many-a-day 60 (of 25 to 60), automated 1.

Examples:
  flowproof sample --period 2026-10                                  fixes the population, prints its digest
  flowproof sample --period 2026-10 --seed 8231 --preset daily --by system
  flowproof sample --period 2026-10 --seed 8231 --confidence 95 --tolerable 5 --expected 0
  flowproof sample --pack riverbank-2026-10 --seed 8231 --size 25    without store and configuration
  flowproof sample --period 2026-10 --items selection.csv            the auditor's own selection
  flowproof sample --period 2026-10 --internal --size 5              then fill in re-review-2026-10.yaml, and
  flowproof sample --record reports/re-review-2026-10.yaml`,
    )
    .action(async (options: Options, command: Command) => {
      checkTogether(options);
      if (options.pack !== undefined) return samplePack(session, command, options, options.pack);
      const context = await openSession(session, command);
      const { requireStore } = await import("../../pipeline/sample-source.ts");
      requireStore(context);
      if (options.record !== undefined) return record(session, context, options.record);
      if (options.internal) return internal(session, command, context, options);
      if (options.items !== undefined) return items(session, context, options, options.items);
      if (options.seed === undefined) return fix(session, command, context, options);
      return draw(session, context, options, options.seed);
    });
}

function checkTogether(options: Options): void {
  const given = (...names: (keyof Options)[]): readonly (keyof Options)[] =>
    names.filter((name) => options[name] !== undefined);
  const [first, second] = given("items", "internal", "record");
  if (second) throw new ConfigError(`--${first} and --${second} do not go together`);
  const [beside] = given("seed", "size", "preset", "by", "confidence", "tolerable", "expected");
  if ((options.items !== undefined || options.record !== undefined) && beside)
    throw new ConfigError(`--${options.items === undefined ? "record" : "items"} draws nothing`, {
      hint: `Leave out --${beside}.`,
    });
  if (options.pack !== undefined && given("internal", "record", "asOf").length > 0)
    throw new ConfigError("--pack is what was written: nothing is recorded of it", {
      hint: "Leave out --pack.",
    });
  if (options.internal && options.population !== "changes")
    throw new ConfigError("--internal is about changes", { hint: "Leave out --population." });
}

function rate(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value < 100) return value;
  throw new ConfigError(`"${text}" is no rate between 0 and 100 per cent`);
}

async function sizeOf({ size, preset, confidence, tolerable, expected }: Options) {
  const { sampleSize } = await import("../../pipeline/sample.ts");
  const some = [confidence, tolerable, expected].filter((one) => one !== undefined).length;
  if (some > 0 && (confidence === undefined || tolerable === undefined))
    throw new ConfigError("--confidence and --tolerable go together", {
      hint: "As in --confidence 95 --tolerable 5 --expected 0.",
    });
  return sampleSize({
    ...(size === undefined ? {} : { size }),
    ...(preset === undefined ? {} : { preset }),
    ...(confidence === undefined || tolerable === undefined
      ? {}
      : { target: { confidence, tolerable, expected: expected ?? 0 } }),
  });
}

function requestOf({ config, clock }: PipelineContext, { period, population, asOf, digest }: Options) {
  return {
    period: parsePeriod(period, config.timezone, clock()),
    population,
    ...(asOf === undefined ? {} : { asOf: parseCutOff(asOf, config.timezone) }),
    ...(digest === undefined ? {} : { digest }),
  };
}

async function fix(
  session: CommandSession,
  command: Command,
  context: PipelineContext,
  options: Options,
): Promise<void> {
  const { fixPopulation } = await import("../../pipeline/sample-population.ts");
  const { fixed, before } = await fixPopulation(context, requestOf(context, options));
  const { terminal } = session;
  tellPopulation(session, fixed);
  terminal.line(
    `recorded    r${fixed.record}, ${before ? "already on " : ""}${fixed.at}, on evidence as of ${fixed.period.asOf}`,
  );
  tellSeedStep(session, command, ["--period", fixed.period.id], options);
  terminal.data("population", { ...fixed, before });
}

/** The draw as it is to be asked for once there is a seed. */
function tellSeedStep({ terminal }: CommandSession, command: Command, from: readonly string[], options: Options): void {
  const { population } = options;
  const of = population === "changes" ? [] : ["--population", population];
  terminal.line();
  terminal.line("Now the auditor gives a seed, any text, for this digest. Then, with it in place of SEED:");
  terminal.line(`  ${nextAfter(command, ["sample", ...from, ...of, "--seed", "SEED", ...sizeWords(options)])}`);
}

async function draw(session: CommandSession, context: PipelineContext, options: Options, seed: string): Promise<void> {
  const { drawFromStore } = await import("../../pipeline/sample.ts");
  const drawn = { ...(await sizeOf(options)), seed, by: options.by ?? null };
  const taken = await drawFromStore(context, requestOf(context, options), drawn);
  await tell(session, taken, { ...options, browser: context.config.browser });
}

async function items(session: CommandSession, context: PipelineContext, options: Options, file: string): Promise<void> {
  const { takeItems } = await import("../../pipeline/sample.ts");
  const { fromStore } = await import("../../pipeline/sample-source.ts");
  const { judged } = await import("../../pipeline/sample-population.ts");
  const { population, ...request } = requestOf(context, options);
  const source = await fromStore(context, await judged(context, request));
  const taken = await takeItems(source, population, { file, content: readList(file) });
  await tell(session, taken, { ...options, browser: context.config.browser });
}

async function samplePack(
  session: CommandSession,
  command: Command,
  options: Options,
  directory: string,
): Promise<void> {
  const { drawFromPack, takeItems } = await import("../../pipeline/sample.ts");
  const { fromPack } = await import("../../pipeline/sample-source.ts");
  const { countPopulation } = await import("../../pipeline/sample-population.ts");
  const { population, seed, by, items: file } = options;
  if (file !== undefined) {
    const content = readList(file);
    return tell(session, await takeItems(await fromPack(directory), population, { file, content }), options);
  }
  if (seed !== undefined) {
    const drawn = { ...(await sizeOf(options)), seed, by: by ?? null };
    return tell(session, await drawFromPack(directory, population, drawn), options);
  }
  const { result, pack } = await fromPack(directory);
  const counted = countPopulation(result, population);
  tellPopulation(session, counted);
  session.terminal.line(
    `fixed by    ${pack.name}, ${pack.state === "issued" ? "an issued pack" : "a draft, which can be written again"}`,
  );
  tellSeedStep(session, command, ["--pack", directory], options);
  const { keys: _, ...data } = counted;
  session.terminal.data("population", { ...data, pack });
}

function readList(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ConfigError(`${file} cannot be read: ${(cause as Error).message}`, { cause, hint: "Check the path." });
  }
}

async function tell(
  session: CommandSession,
  taken: TakenSample,
  { out, browser }: Pick<Options, "out"> & { readonly browser?: string | undefined },
): Promise<void> {
  const { writePapers } = await import("../../pipeline/sample-papers.ts");
  const { recipe } = await import("../../pipeline/sample.ts");
  const { progress, signal } = pipelineBase(session);
  const papers = await writePapers(taken, {
    progress,
    signal,
    ...(out === undefined ? {} : { out: resolve(out) }),
    ...(browser === undefined ? {} : { browser }),
  });
  tellSample(session, taken, papers, recipe(taken.sample));
}

async function internal(
  session: CommandSession,
  command: Command,
  context: PipelineContext,
  options: Options,
): Promise<void> {
  const { drawReReview } = await import("../../pipeline/sample-re-reviews.ts");
  const size =
    options.size === undefined && options.preset === undefined && options.confidence === undefined
      ? undefined
      : await sizeOf(options);
  const { taken, form, before } = await drawReReview(context, {
    ...requestOf(context, options),
    by: options.by ?? null,
    ...(size === undefined ? {} : { size }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
  await tell(session, taken, { ...options, browser: context.config.browser });
  const { terminal } = session;
  if (before) terminal.line(`drawn       before, on ${before.at} (r${before.record}): a period has one sample`);
  const path = pathHere(form.path);
  terminal.line(`form        ${path}${form.written ? "" : " was there and stays as it is"}`);
  terminal.line(`next        fill it in, then: ${nextAfter(command, ["sample", "--record", path])}`);
  terminal.data("form", form);
}

async function record(session: CommandSession, context: PipelineContext, file: string): Promise<void> {
  const { recordReReviews } = await import("../../pipeline/sample-re-reviews.ts");
  const { terminal } = session;
  const { period, recorded, standing, open, differed } = await recordReReviews(context, resolve(file));
  terminal.line(
    `recorded    ${recorded} of the re-review of ${period}${standing === 0 ? "" : `; ${standing} stood already`}${differed === 0 ? "" : `; ${differed} in the form not agreed`}`,
  );
  for (const name of open) terminal.warn(`not filled in yet: ${name}`);
  terminal.data("reReviews", { period, recorded, standing, open, differed });
}
