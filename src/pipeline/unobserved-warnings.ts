import { type Coverage, coreKinds } from "../model/stream.ts";
import { deploymentStream, type ScopedRepository } from "../store/dossiers/index.ts";

/** How many streams are named before the rest is only counted. */
const MOST = 10;

/** One line for each stream of required evidence that a run did not see, with its repository and the reason. */
export function unobservedWarnings(
  gravest: readonly Coverage[],
  repositories: readonly ScopedRepository[],
): readonly string[] {
  const names = new Map(repositories.map(({ key, name }) => [key, name]));
  const counted = new Set(repositories.map(deploymentStream));
  const lines = gravest
    .filter(({ status }) => status === "unobserved")
    .flatMap(({ stream, reason }) => {
      const [source, scopeId, kind = "", ...rest] = stream.split("/");
      const scope = names.get(`${source}/${scopeId}`);
      const isRequired = coreKinds.some((one) => one === kind) && (kind !== "deployments" || counted.has(stream));
      if (scope === undefined || !isRequired) return [];
      return [`not observed: ${[kind, ...rest].join(" ")} of ${scope}${reason === undefined ? "" : `: ${reason}`}`];
    })
    .sort();
  const more = lines.length - MOST;
  return more > 0
    ? [...lines.slice(0, MOST), `not observed: ${more} more streams; see them with \`flowproof status\``]
    : lines;
}
