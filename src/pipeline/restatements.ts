import type { Config } from "../config/config.ts";
import { differencesBetween, itemsCompared } from "../evaluation/index.ts";
import type { AssessmentResult, Restatement, RestatementReason } from "../model/assessment.ts";
import type { EvidenceRecord } from "../model/stream.ts";
import type { Store } from "../store/index.ts";
import { type IssuedPack, issuedPacks } from "./pack-records.ts";
import { explainer, type Judgement } from "./restatement-reasons.ts";
import { settingsSince } from "./settings-since.ts";

/** What restating needs besides the store: the present assessment, and how another period is judged by the same cut-off. */
export interface Restating {
  readonly config: Config;
  /** What runs recorded of the configuration, oldest first. */
  readonly recorded: readonly EvidenceRecord[];
  readonly present: Judgement;
  readonly judge: (period: IssuedPack["period"]) => Promise<Judgement>;
}

/**
 * Every pack issued before the store's cut-off, and the latest revision of each period compared with that period judged
 * anew; both absent where nothing was issued. One period is judged at a time, so memory does not grow with the packs.
 */
export async function restatementsOf(
  store: Store,
  { config, recorded, present, judge }: Restating,
): Promise<Pick<AssessmentResult, "packs" | "restatements">> {
  const packs = await issuedPacks(store, config);
  if (packs.length === 0) return {};
  const { from, to } = present.input.period;
  const restatements: Restatement[] = [];
  for (const pack of latestOf(packs)) {
    const same = pack.period.from === from && pack.period.to === to;
    const judgement = same ? present : await judge(pack.period);
    const settings = settingsSince(pack, config, recorded, present.input);
    const within = pack.period.from >= from && pack.period.to <= to;
    restatements.push({ ...(await restate(store, pack, judgement, settings)), within });
  }
  return { packs: packs.map(rowOf), restatements };
}

async function restate(
  store: Store,
  pack: IssuedPack,
  { input, assessment }: Judgement,
  settings: readonly RestatementReason[],
): Promise<Omit<Restatement, "within">> {
  const issued = pack.outcomes();
  const found = differencesBetween(issued, assessment);
  const explain = await explainer(store, pack, { input, assessment, settings });
  return {
    pack: pack.name,
    period: pack.period.id,
    compared: itemsCompared(issued, assessment),
    settings: [...settings],
    differences: await Promise.all(
      found.map(async (difference) => ({ ...difference, reasons: [...(await explain(difference))] })),
    ),
  };
}

/** The latest revision for each period, in the order of their periods; the full edition where there is one. */
function latestOf(packs: readonly IssuedPack[]): readonly IssuedPack[] {
  const byPeriod = Map.groupBy(packs, ({ period }) => `${period.from} ${period.to}`);
  return [...byPeriod]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, all]) => all.findLast(({ edition }) => edition === "full") ?? all.at(-1) ?? []);
}

const rowOf = ({
  name,
  revision,
  edition,
  period: { id, from, to, asOf },
  issued,
  manifest,
  checkpoint: { size, root, at },
  supersedes,
  record,
}: IssuedPack): NonNullable<AssessmentResult["packs"]>[number] => ({
  name,
  revision,
  edition,
  period: { id, from, to, asOf },
  issuedAt: issued.at,
  by: issued.by,
  role: issued.role,
  manifest,
  checkpoint: { size, root, at },
  supersedes,
  record,
});
