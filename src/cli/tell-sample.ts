import { type samplePresets, strataKinds } from "../pipeline/choices.ts";
import type { TakenSample } from "../pipeline/sample.ts";
import type { WrittenPapers } from "../pipeline/sample-papers.ts";
import type { CommandSession } from "./command-session.ts";
import { pathHere, plainWord } from "./next-command.ts";
import { filesText } from "./pack-text.ts";

type Strata = (typeof strataKinds)[number];

/** The flags that say how many are drawn, and how they are spread. */
export interface SizeFlags {
  readonly size?: number;
  readonly preset?: keyof typeof samplePresets;
  readonly confidence?: number;
  readonly tolerable?: number;
  readonly expected?: number;
  readonly by?: Strata;
}

/** What was asked of the draw already, or the commonest size, as words of a command line. */
export function sizeWords(flags: SizeFlags): readonly string[] {
  const words = (["size", "preset", "confidence", "tolerable", "expected"] as const).flatMap((name) =>
    flags[name] === undefined ? [] : [`--${name}`, String(flags[name])],
  );
  const size = words.length === 0 ? ["--preset", "daily"] : words;
  return [...size, ...(flags.by === undefined ? [] : ["--by", flags.by])];
}

/** Says how large a population is, and what fixes it. */
export function tellPopulation(
  { terminal }: CommandSession,
  fixed: {
    readonly population: string;
    readonly size: number;
    readonly digest: string;
    readonly strata: Readonly<Record<Strata, Readonly<Record<string, number>>>>;
  },
): void {
  terminal.line(`population  ${fixed.size} ${fixed.population}`);
  terminal.line(`digest      ${fixed.digest} (SHA-256 of the sorted keys, a line each)`);
  for (const kind of strataKinds) {
    const counts = Object.entries(fixed.strata[kind]).map(([name, count]) => `${name} ${count}`);
    terminal.line(`by ${kind.padEnd(9)}${counts.join(", ")}`);
  }
}

/** Says what was drawn from what, how anybody draws it again, and where its work papers are. */
export function tellSample(
  { terminal }: CommandSession,
  { sample, source }: TakenSample,
  papers: WrittenPapers,
  recipe: string | null,
): void {
  const { selection, digest, keys, pack, population } = sample;
  const { id, asOf } = source.result.period;
  const chosen = [...new Set(sample.items.map(({ key }) => key))];
  terminal.line(
    `sample      ${chosen.length} of ${keys.length} ${population} of ${id}, from ${pack ? `${pack.name} (${pack.state})` : "the store"}, as of ${asOf}`,
  );
  terminal.line(`population  SHA-256 of its sorted keys, a line each: ${digest}`);
  if (selection.by === "draw") {
    terminal.line(`seed        ${selection.seed}`);
    terminal.line(`size        ${selection.size}. ${selection.reason}`);
    for (const stratum of selection.strata)
      terminal.line(`            ${selection.strataBy} ${stratum.name}: ${stratum.sample} of ${stratum.population}`);
    if (selection.strata.length > 0)
      terminal.line(
        "            One to each, then one at a time to the stratum with most items to each one drawn; of equals the larger, then the first by name.",
      );
    terminal.line(`again by    cd ${plainWord(pathHere(papers.directory))}`);
    terminal.line(`            ${recipe}`);
  } else for (const { given, reason } of selection.unresolved) terminal.warn(`not in the sample: ${given}: ${reason}`);
  terminal.line(`papers      ${filesText(papers, ["work-papers.pdf", "work-papers.html"])}`);
  terminal.data("sample", {
    ...papers,
    name: sample.name,
    population: { of: population, size: keys.length, digest },
    selection,
    pack,
    keys: chosen,
  });
}
