import { type Disposition, dispositions, type Exception, isFollowing, type Response } from "../../model/assessment.ts";
import { counted, list, number } from "../format.ts";
import type { Pack } from "../pack.ts";
import { responseOf, type Stand, standOf } from "../stand.ts";

/** What management answered to an exception, as its page prints it: whole where an answer comes first, with a reference to there afterwards; null where there is none. */
export function answerView(pack: Pack, exception: Exception, first: ReadonlyMap<string, string>) {
  const response = responseOf(pack.result, exception);
  if (!response) return null;
  const { disposition, owner, cause, impact, compensation, remediation, retrospective, covers } = response;
  const told = first.get(response.id) ?? exception.id;
  const beyond = (exception.answer?.beyond ?? []).map((id) => pack.attributes.get(id)?.letter ?? id);
  const others = covers.filter((id) => id !== exception.id);
  return {
    disposition,
    title: dispositionTitles[disposition],
    elsewhere: told === exception.id ? null : pack.exceptionRef(told),
    rows: [
      { name: "Cause", text: cause },
      { name: "Impact", text: impact },
      { name: "Compensating evidence", text: compensation },
      { name: "Remediation", text: remediation },
    ].flatMap(({ name, text }) => (text === undefined ? [] : [{ name, text }])),
    owner,
    ...dueView(pack, response),
    retrospective: retrospective
      ? {
          text: `By management's word ${retrospective.by} approved it after the fact, on ${retrospective.on}. No test counts this: it would need the source's own record.`,
          url: retrospective.url,
        }
      : null,
    beyond:
      beyond.length > 0
        ? `Given before ${beyond.length === 1 ? "test" : "tests"} ${list(beyond)} failed too, of which it does not speak.`
        : null,
    together:
      others.length > 0 ? `It answers ${counted(others.length, "further exception")} with the same words.` : null,
    ...recordedView(pack, response),
  };
}

const dispositionTitles: Readonly<Record<Disposition, string>> = {
  confirmed: "confirmed",
  compensated: "compensated by something else",
  disputed: "disputed",
};

/** Overdue is what was not done on a day before the cut-off's. */
function dueView({ result, time }: Pack, { due, done }: Response) {
  const isOverdue = due !== undefined && done === undefined && due < time.minute(result.period.asOf).slice(0, 10);
  return { due: due ?? null, done: done ?? null, overdue: isOverdue };
}

function recordedView(pack: Pack, { id, file, sha256, recordedAt, record, earlier = [] }: Response) {
  const [first] = earlier;
  return {
    recorded: `Answer ${id}, recorded ${pack.time.long(recordedAt)} from ${file} (SHA-256 ${sha256.slice(0, 12)})`,
    changed: first
      ? `Changed ${earlier.length === 1 ? "once" : `${number(earlier.length)} times`} since it was first recorded ${pack.time.long(first.recordedAt)}, then as ${first.disposition}; every version is kept.`
      : null,
    records: pack.records([record, ...earlier.map((one) => one.record)]),
  };
}

/** By the id of each answer, the exception that tells it whole: the first one printed that it covers. */
export function firstTold(result: Pack["result"], printed: readonly Exception[]): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  for (const exception of printed) {
    const response = responseOf(result, exception);
    if (response && !first.has(response.id)) first.set(response.id, exception.id);
  }
  return first;
}

/** Answers that name no exception of the pack, or were taken away: said, never dropped. */
export function strayAnswers(pack: Pack) {
  return (pack.result.responses ?? [])
    .filter(({ unmatched, withdrawnAt }) => unmatched.length > 0 || withdrawnAt !== undefined)
    .map(({ id, disposition, owner, unmatched, withdrawnAt, covers, record }) => ({
      id,
      disposition,
      owner,
      why: [
        unmatched.length > 0 ? `names ${list(unmatched)}: there is no such exception, or no longer` : "",
        withdrawnAt === undefined
          ? ""
          : `taken out of the organisation's files by ${pack.time.minute(withdrawnAt)}; it answers nothing since`,
      ]
        .filter(Boolean)
        .join("; "),
      covers: covers.map((one) => ({ text: one, anchor: pack.printed.placeOfException(one) })),
      records: pack.records([record]),
    }));
}

/** The section's table of causes with how their exceptions stand; every row and every column adds up. */
export function causesView(pack: Pack) {
  const { causes = [], exceptions } = pack.result;
  const count = (some: readonly Exception[], stand: Stand) =>
    some.filter((one) => standOf(pack.result, one) === stand).length;
  const columns = [...dispositions, "waived", "follows", "open"] as const;
  const cells = (some: readonly Exception[]) => columns.map((stand) => dash(count(some, stand)));
  return {
    rows: causes.map(({ id, title, items, bySystem }) => ({
      anchor: causeAnchor(id),
      title,
      items: number(items),
      where: bySystem.map((one) => `${one.system} (${one.team}) ${number(one.items)}`).join(", "),
      cells: cells(exceptions.filter(({ cause }) => cause === id)),
    })),
    total: { items: number(exceptions.length), cells: cells(exceptions) },
  };
}

const dash = (value: number): string => (value === 0 ? "–" : number(value));

/** Where the exceptions of a cause begin. */
export const causeAnchor = (id: string): string => `cause-${id.replace(/[^A-Za-z0-9._-]/g, "_")}`;

/** How many exceptions management has answered, and how; those answered with their origin aside. */
export function answersText(pack: Pack): string {
  const own = pack.result.exceptions.filter((one) => !isFollowing(one));
  const responses = own.flatMap((one) => {
    const response = responseOf(pack.result, one);
    return response ? [response] : [];
  });
  if (responses.length === 0) return "";
  const parts = dispositions.flatMap((disposition) => {
    const some = responses.filter((one) => one.disposition === disposition).length;
    return some > 0 ? [`${number(some)} ${disposition}`] : [];
  });
  const overdue = responses.filter((one) => dueView(pack, one).overdue).length;
  const late = overdue > 0 ? ` ${number(overdue)} ${overdue === 1 ? "is" : "are"} overdue at the cut-off.` : "";
  return `Management has answered ${number(responses.length)} of them: ${list(parts)}.${late} An answer is management's word: it explains, and changes no outcome and no result.`;
}
