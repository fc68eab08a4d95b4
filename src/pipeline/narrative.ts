import type { Config } from "../config/config.ts";
import { firstInProduction, nameOf, type Span, simulateBoard } from "../flow/index.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import { type Delivered, workBegan } from "../model/delivered.ts";
import type { ChangeDossier } from "../model/dossier.ts";
import { ConfigError } from "../util/errors.ts";
import { boardMeetings } from "./board-meetings.ts";

interface NarrativeInput {
  readonly config: Config;
  /** Those of the span. */
  readonly changes: readonly ChangeDossier[];
  readonly population: AssessmentResult["population"];
}

/** A board simulated over the span's changes; undefined where the narrative is left out. */
export function narrativeOf(
  { config, changes: merged, population }: NarrativeInput,
  deliveries: readonly Delivered[],
  span: Span,
): AssessmentResult["narrative"] {
  const { off, board } = config.narrative;
  if (off) return undefined;
  const meetings = boardMeetings({ from: span.from, until: span.to }, config.timezone, board);
  const first = firstInProduction(deliveries);
  const emergencies = new Set(
    population
      .filter(({ subject, classes }) => subject === "change" && classes?.includes("emergency"))
      .map(({ system, key }) => nameOf(system, key)),
  );
  const changes = merged.map(({ key, system, change, commits }) => ({
    system,
    beganAt: workBegan(
      commits.map(({ committedAt }) => committedAt),
      change,
    ),
    mergedAt: change.mergedAt,
    deployedAt: first.get(nameOf(system, key)),
    emergency: emergencies.has(nameOf(system, key)),
  }));
  const sizes = deliveries
    .filter(({ repeats, succeededAt }) => !repeats && succeededAt >= span.from && succeededAt < span.to)
    .map((one) => one.changes.length);
  return {
    board: { ...board, first: meetings[0]?.at ?? span.from, ...simulateBoard(changes, meetings, sizes) },
  };
}

/** The organisation's own paragraphs; undefined for none. Throws ConfigError where those it names cannot be had. */
export function ownText({ text, unreadable }: Config["narrative"]): readonly string[] | undefined {
  if (unreadable === undefined) return text;
  throw new ConfigError(unreadable, {
    hint: "Name a text file in UTF-8 under `narrative: { text: ... }`, or leave it out.",
  });
}
