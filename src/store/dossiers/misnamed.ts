import { isSameEnvironment } from "../../model/environment-name.ts";
import { firstSuccess } from "./attribution.ts";
import type { BranchEvidence } from "./evidence.ts";
import { type CoverageIndex, commitStreams, deploymentStream } from "./gaps.ts";
import { onceProduction } from "./production.ts";
import type { ScopedRepository } from "./scope.ts";

type Evidence = Pick<
  BranchEvidence,
  "repositories" | "heads" | "activity" | "deployments" | "statuses" | "environments"
>;

/** The coverage of a repository as a system reads it: what a name in the configuration hides, which the source does not know, is a gap. */
export function coverageOf(
  repository: ScopedRepository,
  all: readonly ScopedRepository[],
  evidence: Evidence,
  coverage: CoverageIndex,
): CoverageIndex {
  const [line] = commitStreams((stream) => coverage.of(stream).length > 0, repository);
  const gaps = new Map([
    [line, unknownBranch(repository, evidence)],
    [deploymentStream(repository), unknownEnvironment(repository, all, evidence)],
  ]);
  if ([...gaps.values()].every((gap) => gap === undefined)) return coverage;
  return {
    of: coverage.of,
    unreadable: (stream) => gaps.get(stream) ?? coverage.unreadable(stream),
    // What was seen of a deployment is whole: only others may be missing.
    gapAt: (stream, at) => (stream === line ? gaps.get(line) : undefined) ?? coverage.gapAt(stream, at),
    shortAt: coverage.shortAt,
    until: (stream) => (gaps.get(stream) === undefined ? coverage.until(stream) : undefined),
  };
}

/** Why nothing is known of the released branch's name: no look found it, no move is of it, and it is not the source's default. */
export function unknownBranch(
  { key, branch }: ScopedRepository,
  { repositories, heads, activity }: Pick<Evidence, "repositories" | "heads" | "activity">,
): string | undefined {
  const usual = repositories.get(key)?.at(-1)?.defaultBranch;
  const isKnown = [...(heads.get(key) ?? []), ...(activity.get(key) ?? [])].some((one) => one.branch === branch);
  if (isKnown || usual === undefined || usual === null || usual === branch) return undefined;
  return `the branch ${branch} was not found; the source's default branch is ${usual}: the name may be wrong`;
}

/**
 * Which of the system's environments the source does not know, where it records successes in others that no system
 * claims. A name that any of the system's repositories deployed to, or that the source lists, is right.
 */
function unknownEnvironment(
  repository: ScopedRepository,
  all: readonly ScopedRepository[],
  evidence: Evidence,
): string | undefined {
  if (repository.deployments !== undefined) return undefined;
  const { deployments, statuses, environments } = evidence;
  const keys = all.filter(({ system }) => system === repository.system).map(({ key }) => key);
  const unknown = repository.environments.filter(
    (name) =>
      !keys.some(
        (key) =>
          (environments.get(key) ?? []).some((one) => isSameEnvironment(one.name, name)) ||
          (deployments.get(key) ?? []).some(
            (one) => one.origin === undefined && onceProduction([name], one, statuses.get(one.key) ?? []).length > 0,
          ),
      ),
  );
  if (unknown.length === 0) return undefined;
  const claimed = all.filter(({ key }) => key === repository.key).flatMap((one) => one.environments);
  const elsewhere = (deployments.get(repository.key) ?? []).filter(
    ({ origin, key, environment }) =>
      origin === undefined &&
      firstSuccess(statuses.get(key) ?? []) !== undefined &&
      !claimed.some((name) => isSameEnvironment(name, environment)),
  );
  const names = [...new Set(elsewhere.map(({ environment }) => environment))].sort();
  if (names.length === 0) return undefined;
  const others = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return `no deployment to ${unknown.join(", ")} is recorded; the source records them to ${names.slice(0, 5).join(", ")}${others}: the name may be wrong`;
}
