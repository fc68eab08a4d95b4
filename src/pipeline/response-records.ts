import { z } from "zod";
import type { Config } from "../config/config.ts";
import { dispositions } from "../model/assessment.ts";
import type { EvidenceRecord, SourceRecord } from "../model/stream.ts";
import type { Store } from "../store/index.ts";
import { canonicalJson } from "../util/canonical-json.ts";
import { IntegrityError } from "../util/errors.ts";
import { type OwnRecords, ownStream } from "./own-records.ts";
import type { AnswerFile } from "./responses.ts";

const text = z.string();

const responseSchema = z.object({
  version: z.literal(1),
  id: text,
  disposition: z.enum(dispositions),
  owner: text,
  cause: text,
  impact: text.optional(),
  compensation: text.optional(),
  remediation: text.optional(),
  due: text.optional(),
  done: text.optional(),
  retrospective: z.object({ by: text, on: text, reference: text }).optional(),
  covers: z.array(text),
});

/** What stood in the files at one reading: each file's SHA-256, and the file of each answer. */
const listSchema = z.object({
  version: z.literal(1),
  files: z.record(text, text),
  answers: z.record(text, text),
});

/** One version of an answer as the ledger has it. */
export type RecordedVersion = z.infer<typeof responseSchema> & {
  readonly record: number;
  readonly recordedAt: string;
};

/** An answer with its versions, oldest first, and where it stands; without a file once it was taken away. */
export interface RecordedAnswer {
  readonly versions: readonly [RecordedVersion, ...RecordedVersion[]];
  readonly file: string;
  readonly sha256: string;
  readonly withdrawnAt?: string;
}

/** What recording would change: new answers, changed ones, those found no more. */
export interface AnswerNews {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly gone: readonly string[];
}

const streamName = "responses";
const kinds = { answer: "response", file: "responseFile", list: "responseList" } as const;

/** The files of answers as records: each file's bytes as text, each answer, and what stood where. An answer that is as it was gives no new one. */
export function answersAsRecords(files: readonly AnswerFile[], command: string): OwnRecords {
  const answers = files.flatMap((file) => file.answers.map((answer) => ({ file: file.name, answer })));
  const list: z.infer<typeof listSchema> = {
    version: 1,
    files: Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256])),
    answers: Object.fromEntries(answers.map(({ file, answer }) => [answer.id, file])),
  };
  const records: SourceRecord[] = [
    ...files.map(({ name, sha256, text }) => ({
      kind: kinds.file,
      externalId: name,
      body: { version: 1, name, sha256, text },
    })),
    ...answers.map(({ answer }) => ({ kind: kinds.answer, externalId: answer.id, body: bodyOf(answer) })),
    { kind: kinds.list, externalId: "answers", body: list },
  ];
  return { stream: streamName, command, records };
}

function bodyOf(answer: AnswerFile["answers"][number]): z.infer<typeof responseSchema> {
  const { retrospective, ...rest } = answer;
  const body = { version: 1 as const, ...rest, ...(retrospective ? { retrospective } : {}) };
  return JSON.parse(canonicalJson(body)) as z.infer<typeof responseSchema>;
}

/** Every answer recorded by the store's cut-off, by id. Throws IntegrityError for a record that is none of an answer. */
export async function recordedAnswers(
  store: Pick<Store, "recordsOfStream">,
  config: Pick<Config, "organisation">,
): Promise<readonly RecordedAnswer[]> {
  const records = await store.recordsOfStream(ownStream(config, streamName));
  const lists = records.filter(({ kind }) => kind === kinds.list);
  const versions = Map.groupBy(
    records.filter(({ kind }) => kind === kinds.answer),
    ({ externalId }) => externalId,
  );
  return [...versions.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([id, own]): RecordedAnswer[] => {
      const [first, ...later] = own.map((record) => ({
        ...read(responseSchema, record),
        record: record.id,
        recordedAt: record.fetchedAt,
      }));
      return first ? [{ versions: [first, ...later], ...standing(id, lists) }] : [];
    });
}

/** Where an answer last stood, and since when it stands nowhere. */
function standing(id: string, lists: readonly EvidenceRecord[]): Omit<RecordedAnswer, "versions"> {
  const last = lists.findLastIndex((list) => Object.hasOwn(read(listSchema, list).answers, id));
  const list = lists[last] && read(listSchema, lists[last]);
  const file = list?.answers[id] ?? "";
  const since = lists[last + 1]?.fetchedAt;
  return { file, sha256: list?.files[file] ?? "", ...(since === undefined ? {} : { withdrawnAt: since }) };
}

/** What of the files the ledger does not have yet. */
export function newsOf(files: readonly AnswerFile[], recorded: readonly RecordedAnswer[]): AnswerNews {
  const known = new Map(recorded.map((answer) => [answer.versions[0].id, answer]));
  const written = new Map(files.flatMap(({ answers }) => answers.map((answer) => [answer.id, answer] as const)));
  const latest = ({ versions }: RecordedAnswer): string => {
    const { record: _, recordedAt: __, ...body } = versions.at(-1) ?? versions[0];
    return canonicalJson(body);
  };
  return {
    added: [...written.keys()].filter((id) => !known.has(id)),
    changed: [...written].flatMap(([id, answer]) => {
      const before = known.get(id);
      const stands = before && before.withdrawnAt === undefined && latest(before) === canonicalJson(bodyOf(answer));
      return before && !stands ? [id] : [];
    }),
    gone: [...known].flatMap(([id, { withdrawnAt }]) => (!written.has(id) && withdrawnAt === undefined ? [id] : [])),
  };
}

function read<T>(schema: z.ZodType<T>, { id, body }: EvidenceRecord): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new IntegrityError(`record r${id} is not what flowproof writes of an answer to exceptions`, {
    cause: parsed.error,
    hint: "Run `flowproof verify` to see whether the store was changed, or use a newer flowproof.",
  });
}
