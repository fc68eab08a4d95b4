import type { AssessmentResult, Exception, Response } from "../model/assessment.ts";
import { periodOfException, tokenOfException } from "../model/exception-id.ts";
import type { RecordedAnswer } from "./response-records.ts";
import { type Covered, coveredBy } from "./responses.ts";

type Answerable = Pick<AssessmentResult, "exceptions" | "attributes" | "period">;

/**
 * Management's answers beside the exceptions they cover, by the exceptions' items, so that what was answered in October's
 * pack is answered in the quarter's. Nothing else of the result is touched. Of a part, `whole` has the exceptions that
 * are not its own.
 */
export function withResponses(
  { exceptions, attributes, period }: Answerable,
  recorded: readonly RecordedAnswer[],
  whole: readonly Exception[] = exceptions,
): Pick<AssessmentResult, "exceptions" | "responses"> {
  const byToken = (some: readonly Exception[]) => new Map(some.map((one) => [tokenOfException(one.id), one]));
  const [own, all] = [byToken(exceptions), byToken(whole)];
  const idOf = new Map(attributes.map(({ letter, id }) => [letter, id]));
  const answers = new Map<string, { readonly record: number; readonly answer: NonNullable<Exception["answer"]> }>();
  const responses = recorded.flatMap((answer): Response[] => {
    const covers = (answer.versions.at(-1) ?? answer.versions[0]).covers.flatMap((entry) => coveredBy(entry) ?? []);
    const found = covers.flatMap((one) => {
      const exception = own.get(tokenOfException(one.id));
      return exception ? [{ exception, one }] : [];
    });
    const unmatched = covers
      .filter(({ id }) => periodOfException(id) === period.id && !all.has(tokenOfException(id)))
      .map(({ id }) => id);
    if (found.length === 0 && (unmatched.length === 0 || whole !== exceptions)) return [];
    const response = responseOf(answer, {
      covers: found.map(({ exception }) => exception.id),
      unmatched: whole === exceptions ? unmatched : [],
    });
    for (const { exception, one } of response.withdrawnAt === undefined ? found : []) {
      if ((answers.get(exception.id)?.record ?? 0) > response.record) continue;
      answers.set(exception.id, { record: response.record, answer: answerOf(response.id, exception, one, idOf) });
    }
    return [response];
  });
  return {
    exceptions: exceptions.map((exception) => {
      const found = answers.get(exception.id);
      return found ? { ...exception, answer: found.answer } : exception;
    }),
    ...(responses.length > 0 ? { responses } : {}),
  };
}

function answerOf(
  response: string,
  { attributes }: Exception,
  { letters }: Covered,
  idOf: ReadonlyMap<string, string>,
): NonNullable<Exception["answer"]> {
  const spoken = new Set(letters.map((letter) => idOf.get(letter)));
  const beyond = letters.length === 0 ? [] : attributes.filter((id) => !spoken.has(id));
  return { response, ...(beyond.length > 0 ? { beyond } : {}) };
}

function responseOf(
  { versions, file, sha256, withdrawnAt }: RecordedAnswer,
  { covers, unmatched }: Pick<Response, "covers" | "unmatched">,
): Response {
  const latest = versions.at(-1) ?? versions[0];
  const { version: _, retrospective, covers: __, ...rest } = latest;
  const earlier = versions
    .slice(0, -1)
    .map(({ recordedAt, disposition, record }) => ({ recordedAt, disposition, record }));
  return {
    ...rest,
    ...(retrospective
      ? { retrospective: { by: retrospective.by, on: retrospective.on, url: retrospective.reference } }
      : {}),
    covers,
    unmatched,
    file,
    sha256,
    ...(earlier.length > 0 ? { earlier } : {}),
    ...(withdrawnAt === undefined ? {} : { withdrawnAt }),
  };
}
