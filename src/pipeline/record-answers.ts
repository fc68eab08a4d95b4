import type { Batch } from "../model/stream.ts";
import type { Store } from "../store/index.ts";
import { ConfigError } from "../util/errors.ts";
import { withStore } from "./open.ts";
import { ownRecordsBatch, recordOwn } from "./own-records.ts";
import { type AnswerNews, answersAsRecords, newsOf, recordedAnswers } from "./response-records.ts";
import { type Answers, readAnswers } from "./responses.ts";
import type { PipelineContext } from "./types.ts";

/** What recording the answers came to. */
export interface RecordedAnswers extends AnswerNews {
  readonly warnings: readonly string[];
  /** Absent where the ledger had all of it. */
  readonly checkpoint?: { readonly size: number; readonly root: string; readonly at: string };
}

/** Appends the answers that the configuration names as they stand, in a run of its own. Throws ConfigError for what is written wrongly, LockedError while another writes. */
export async function recordAnswers(ctx: PipelineContext): Promise<RecordedAnswers> {
  const { files, warnings } = readAnswers(ctx.config);
  return withStore(ctx, { write: true }, async (store) => {
    await store.lock("flowproof exceptions --record");
    const news = newsOf(files, await recordedAnswers(store, ctx.config));
    if (isNothing(news)) return { ...news, warnings };
    const checkpoint = await recordOwn(ctx, store, answersAsRecords(files, "exceptions"));
    return { ...news, warnings, checkpoint: { size: checkpoint.size, root: checkpoint.root, at: checkpoint.at } };
  });
}

const isNothing = ({ added, changed, gone }: AnswerNews): boolean => added.length + changed.length + gone.length === 0;

/** Appends the answers within a run that collects, which goes on whatever is wrong with them: evidence does not wait. Gives what is to be said. */
export async function collectAnswers(
  ctx: PipelineContext,
  store: Store,
  append: (batch: Batch) => Promise<void>,
): Promise<readonly string[]> {
  const before = await recordedAnswers(store, ctx.config);
  if (ctx.config.responses.length === 0 && before.length === 0) return [];
  const answers = readable(ctx);
  if (typeof answers === "string") return [`no answer to an exception was recorded: ${answers}`];
  const news = newsOf(answers.files, before);
  if (!isNothing(news)) {
    await append(ownRecordsBatch(ctx, answersAsRecords(answers.files, "collect")));
    ctx.progress(`answers: ${newsText(news)}`);
  }
  return answers.warnings;
}

function readable({ config }: PipelineContext): Answers | string {
  try {
    return readAnswers(config);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** `2 new, 1 changed, 1 taken away`; `nothing new` where the ledger has all. */
export function newsText({ added, changed, gone }: AnswerNews): string {
  const parts = [
    added.length > 0 ? `${added.length} new` : "",
    changed.length > 0 ? `${changed.length} changed` : "",
    gone.length > 0 ? `${gone.length} taken away` : "",
  ].filter(Boolean);
  return parts.join(", ") || "nothing new";
}
