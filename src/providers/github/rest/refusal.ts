import { organisationKinds } from "../../../model/stream.ts";
import { permissionText } from "./permissions.ts";
import type { RestAnswer } from "./rest-client.ts";
import type { Gained, Reading } from "./walk.ts";

type Refused = Extract<RestAnswer, { ok: false }>;

/** Says why something could not be read and which permission would change that; a 404 is looked into, as GitHub hides with it what a token may not see. */
export async function* reasonOf(reading: Reading, what: string, { failure }: Refused): AsyncGenerator<Gained, string> {
  if (failure.reason !== "auth" && failure.reason !== "notFound") return `${what}: ${failure.message}`;
  if (failure.reason === "notFound" && !(organisationKinds as readonly string[]).includes(reading.stream.kind)) {
    const found = yield* repositoryNow(reading);
    if (found === undefined) {
      return `${reading.stream.scopeName} is gone or moved: the source listed it and has nothing at its address now`;
    }
    if (found !== "unreadable" && found.id !== reading.stream.scopeId)
      return `${reading.stream.scopeName} now stands for another repository (${found.id})`;
  }
  return `${what}: not readable: ${failure.message}; ${permissionText(reading.stream.kind)}`;
}

/** What stands at the repository's address, asked once; undefined where nothing does. */
export async function* repositoryNow(
  reading: Reading,
): AsyncGenerator<Gained, { readonly id: string; readonly defaultBranch: string | null } | "unreadable" | undefined> {
  if (reading.place.asked) return reading.place.found;
  const answer = await reading.session.github.get({
    operation: "RepositoryNow",
    path: "/repos/{owner}/{repo}",
    values: reading.values,
  });
  yield { exchange: answer.exchange, records: [] };
  if (!answer.ok && answer.failure.reason !== "notFound") return "unreadable";
  const body = (answer.ok ? answer.json : undefined) as { id?: number | string; default_branch?: string } | undefined;
  const found = body && { id: String(body.id), defaultBranch: body.default_branch ?? null };
  Object.assign(reading.place, { asked: true, found });
  return found;
}
