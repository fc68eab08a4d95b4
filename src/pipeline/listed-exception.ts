import { type AssessmentResult, type Exception, isFollowing, type Response } from "../model/assessment.ts";
import { dayIn } from "../util/period.ts";

/** How far an exception is answered; `partly`: a test failed of which its answer does not speak. */
export type AnswerState = "open" | "answered" | "partly" | "waived" | "follows";

/** One exception as a team works through it. */
export interface ListedException
  extends Pick<
    Exception,
    "id" | "system" | "team" | "subject" | "item" | "label" | "title" | "url" | "at" | "actor" | "messages" | "follows"
  > {
  readonly cause: string;
  /** The letters of the failed tests. */
  readonly tests: string;
  readonly state: AnswerState;
  readonly answer:
    | (Pick<Response, "id" | "disposition" | "owner" | "due" | "done"> & { readonly overdue: boolean })
    | null;
}

/** An exception of the result with the letters of its tests and its answer. */
export function listedException(
  exception: Exception,
  { attributes, responses = [], period, organisation }: AssessmentResult,
): ListedException {
  const { id, system, team, subject, item, label, title, url, at, actor, messages, follows, answer, waiver } =
    exception;
  const response = responses.find((one) => one.id === answer?.response);
  const letters = new Map(attributes.map((one) => [one.id, one.letter]));
  const overdue =
    response?.due !== undefined &&
    response.done === undefined &&
    response.due < dayIn(period.asOf, organisation.timezone);
  return {
    ...{ id, system, team, subject, item, label, title, url, at, actor, messages, follows },
    cause: exception.cause ?? "other",
    tests: exception.attributes.map((one) => letters.get(one) ?? "").join(""),
    state: stateOf({ answer, waiver, follows, attributes: exception.attributes }),
    answer: response
      ? {
          id: response.id,
          disposition: response.disposition,
          owner: response.owner,
          due: response.due,
          done: response.done,
          overdue,
        }
      : null,
  };
}

function stateOf(exception: Pick<Exception, "answer" | "waiver" | "follows" | "attributes">): AnswerState {
  if (exception.answer) return exception.answer.beyond ? "partly" : "answered";
  if (exception.waiver !== null) return "waived";
  return isFollowing(exception) ? "follows" : "open";
}
