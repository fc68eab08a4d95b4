import {
  type AssessmentResult,
  type Disposition,
  type Exception,
  isFollowing,
  type Response,
} from "../model/assessment.ts";

type Answered = Pick<AssessmentResult, "responses">;

/** How an exception stands with management: answered as such, accepted in advance, answered with its origin, or nothing yet. */
export type Stand = Disposition | "waived" | "follows" | "open";

/** The answer that stands for an exception; undefined where there is none. */
export const responseOf = ({ responses = [] }: Answered, { answer }: Exception): Response | undefined =>
  answer && responses.find(({ id }) => id === answer.response);

/** How an exception stands; each in exactly one way, so that the counts of all add up. */
export function standOf(result: Answered, exception: Exception): Stand {
  const response = responseOf(result, exception);
  if (response) return response.disposition;
  if (exception.waiver !== null) return "waived";
  return isFollowing(exception) ? "follows" : "open";
}
