import { existsSync } from "node:fs";
import { dirname, relative } from "node:path";
import type { AssessmentResult } from "../model/assessment.ts";
import { ConfigError } from "../util/errors.ts";
import { suggestion } from "../util/nearest.ts";
import { assess } from "./assess.ts";
import { type ListedException, listedException } from "./listed-exception.ts";
import { withStore } from "./open.ts";
import { newsText, type RecordedAnswers, recordAnswers } from "./record-answers.ts";
import { type DraftedAnswers, writeAnswerDrafts } from "./response-drafts.ts";
import { newsOf, recordedAnswers } from "./response-records.ts";
import { readAnswers } from "./responses.ts";
import type { PipelineContext, ReportRequest } from "./types.ts";

/** Which exceptions are asked for, and what is done with them. */
export interface ExceptionsRequest extends ReportRequest {
  readonly team?: string;
  readonly system?: string;
  /** The folder that drafts of answers go to, one file a team. */
  readonly drafts?: string;
  /** The answers in the files are appended to the ledger first. */
  readonly record?: boolean;
}

/** The exceptions of a period, by team, then cause, gravest first. */
export interface ExceptionList {
  readonly period: AssessmentResult["period"];
  readonly exceptions: readonly ListedException[];
  /** Titles by id. */
  readonly causes: ReadonlyMap<string, string>;
  /** Answers of the ledger that name exceptions of the period which do not exist. */
  readonly unmatched: readonly { readonly response: string; readonly id: string }[];
  readonly recorded?: RecordedAnswers;
  readonly drafts?: DraftedAnswers;
  readonly warnings: readonly string[];
}

/** Lists a period's exceptions with the answers that the ledger has, and writes drafts of those that are missing. Throws ConfigError for an unknown team or system, and for answers that are written wrongly. */
export async function listExceptions(ctx: PipelineContext, request: ExceptionsRequest): Promise<ExceptionList> {
  const { team, system, drafts, record = false, ...report } = request;
  known(
    "team",
    team,
    ctx.config.systems.map((one) => one.team),
  );
  known(
    "system",
    system,
    ctx.config.systems.map(({ id }) => id),
  );
  const recorded = record ? await recordAnswers(ctx) : undefined;
  const result = await assess(ctx, report);
  const causes = new Map((result.causes ?? []).map(({ id, title }) => [id, title]));
  const order = [...causes.keys()];
  const exceptions = result.exceptions
    .filter((one) => (team === undefined || one.team === team) && (system === undefined || one.system === system))
    .map((exception) => listedException(exception, result))
    .toSorted((a, b) => (a.team < b.team ? -1 : a.team > b.team ? 1 : order.indexOf(a.cause) - order.indexOf(b.cause)));
  return {
    period: result.period,
    exceptions,
    causes,
    unmatched: (result.responses ?? []).flatMap(({ id, unmatched }) =>
      unmatched.map((one) => ({ response: id, id: one })),
    ),
    ...(recorded ? { recorded } : {}),
    ...(drafts === undefined
      ? {}
      : { drafts: writeAnswerDrafts(drafts, { exceptions, causes, period: result.period }) }),
    warnings: [...(recorded ? recorded.warnings : await unrecorded(ctx)), ...unread(ctx, drafts)],
  };
}

function known(what: string, name: string | undefined, names: readonly string[]): void {
  if (name === undefined || names.includes(name)) return;
  throw new ConfigError(
    `there is no ${what} \`${name}\` in the configuration${suggestion(name, [...new Set(names)])}`,
    {
      hint: `Name one of: ${[...new Set(names)].join(", ")}.`,
    },
  );
}

const unread = ({ config }: PipelineContext, drafts: string | undefined): readonly string[] =>
  drafts !== undefined && config.responses.length === 0
    ? [
        `the configuration names no answers: add \`responses: [${relative(dirname(config.file), drafts) || "."}]\`, or nothing reads them`,
      ]
    : [];

/** What stands in the files and not in the ledger: no pack shows it yet. */
async function unrecorded(ctx: PipelineContext): Promise<readonly string[]> {
  if (ctx.config.responses.length === 0 || !existsSync(ctx.config.store)) return [];
  const { files, warnings } = readAnswers(ctx.config);
  const news = newsOf(files, await withStore(ctx, { write: false }, (store) => recordedAnswers(store, ctx.config)));
  const text = newsText(news);
  return text === newsText({ added: [], changed: [], gone: [] })
    ? warnings
    : [...warnings, `answers that no pack shows yet, because they are not recorded: ${text}; add --record, or collect`];
}
