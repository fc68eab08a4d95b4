import type { ConfiguredSource, System } from "../config/config.ts";
import type { MissingPlace, WantedPlaces } from "../providers/provider.ts";
import { SourceError } from "../util/errors.ts";
import { suggestion } from "../util/nearest.ts";
import { providerContext } from "./collect.ts";
import { providerOf } from "./open.ts";
import { landingBranch, promotedThrough } from "./streams.ts";
import type { DoctorFinding, PipelineContext } from "./types.ts";

/** Compares the branches and environments that a source's systems name with what is there: one that is missing is a finding, with what was probably meant. Never throws for what the source answers. */
export async function placeFindings(ctx: PipelineContext, source: ConfiguredSource): Promise<readonly DoctorFinding[]> {
  const subject = `source ${source.id}: branches and environments`;
  const systems = ctx.config.systems.filter((system) => system.source === source.id);
  const provider = providerOf(source);
  const wanted = wantedOf(systems);
  if (!provider.missingPlaces || wanted.length === 0) return [];
  ctx.progress(`${source.id}: looking for branches and environments`);
  try {
    const missing = await provider.missingPlaces(wanted, providerContext(ctx, source));
    const findings = systems.flatMap((system) => findingsOf(system, missing));
    return findings.length > 0 ? findings : [{ subject, ok: "ok", message: "all that systems name are there" }];
  } catch (error) {
    if (ctx.signal.aborted || !(error instanceof SourceError)) throw error;
    return [{ subject, ok: "warn", message: `could not be looked for: ${error.message}` }];
  }
}

const branchesOf = (system: System): readonly string[] => {
  const landing = landingBranch(system);
  return [...(landing === undefined ? [] : [landing]), ...promotedThrough(system)];
};

/** Deployments of another origin say nothing of the source's environments. */
const environmentsOf = ({ deployments, environments }: System): readonly string[] =>
  deployments.from === "github" ? environments : [];

function wantedOf(systems: readonly System[]): readonly WantedPlaces[] {
  const named = systems.flatMap((system) => system.repositories.map((repository) => ({ repository, system })));
  return [...Map.groupBy(named, ({ repository }) => repository)]
    .map(([repository, own]) => ({
      repository,
      branches: [...new Set(own.flatMap(({ system }) => branchesOf(system)))],
      environments: [...new Set(own.flatMap(({ system }) => environmentsOf(system)))],
    }))
    .filter(({ branches, environments }) => branches.length + environments.length > 0);
}

function findingsOf(system: System, missing: readonly MissingPlace[]): readonly DoctorFinding[] {
  const own = missing.filter(({ repository }) => system.repositories.includes(repository));
  const branches = own.filter(({ kind, name }) => kind === "branch" && branchesOf(system).includes(name));
  return [
    ...branches.map(
      ({ name, repository, known }): DoctorFinding => ({
        subject: `system ${system.id}: branch`,
        ok: "fail",
        message: `${repository} has no branch \`${name}\`${suggestion(name, known)}`,
        todo: "Correct `branch` or `promotion` of the system: until then no commit of it is read.",
      }),
    ),
    ...environmentsOf(system).flatMap((name) => environmentFinding(system, name, own)),
  ];
}

/** Of a system with several repositories, it suffices that one is deployed to the environment. */
function environmentFinding(
  { id, repositories }: System,
  name: string,
  missing: readonly MissingPlace[],
): readonly DoctorFinding[] {
  const own = missing.filter((place) => place.kind === "environment" && place.name === name);
  if (own.length < repositories.length) return [];
  const known = [...new Set(own.flatMap((place) => place.known))];
  return [
    {
      subject: `system ${id}: environment`,
      ok: "warn",
      message: `nothing of ${repositories.join(", ")} was ever deployed to \`${name}\`${suggestion(name, known)}`,
      todo: "Correct `environments` of the system, or say with `deployments` where its deployments are recorded.",
    },
  ];
}
