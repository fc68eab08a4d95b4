import type { AssessmentResult, Exception, Item } from "../../model/assessment.ts";
import type { Sample, SampledItem } from "../../model/sample.ts";
import { cssText, toolName } from "../document.ts";
import { counted, grouped, number } from "../format.ts";
import { outcomeNames, subjectNames, type Tone } from "../labels.ts";
import { openPack, type Pack } from "../pack.ts";
import { visible } from "../visible.ts";
import { attributeRows } from "./attribute-rows.ts";
import { recipe } from "./recipe.ts";
import { spans, timelineFigure } from "./timeline-figure.ts";

/** Everything the work papers' template lays out, as plain data; `document` identifies what is printed. */
export function workPaperView(raw: AssessmentResult, sample: Sample, document: string) {
  const pack = openPack(raw);
  const { result, time } = pack;
  const { organisation, period, checkpoint } = result;
  const noun = subjectNames[populationSubject(sample)];
  const papers = sample.items.flatMap((sampled, index) => {
    const item = itemOf(pack, sampled);
    return item ? [paper(pack, sample, sampled, item, index + 1)] : [];
  });
  const keys = new Set(sample.items.map(({ key }) => key)).size;
  const title = `Work papers: ${counted(keys, noun.one, noun.many)}, ${time.span(period.from, period.to)}`;
  const issued = sample.pack?.state === "issued";
  const from = sample.pack ? `Pack ${sample.pack.name}, ${issued ? "issued" : "a draft"}` : "The store";
  const manifest = sample.pack?.manifest ?? null;
  return {
    organisation: organisation.name,
    tool: toolName(result.tool),
    title,
    name: sample.name,
    document: document.slice(0, 16),
    issued,
    mark: issued ? "From an issued pack" : sample.pack ? "From a draft" : "From the store",
    from,
    manifest: manifest === null ? null : grouped(manifest),
    asOf: time.long(period.asOf),
    timezone: organisation.timezone,
    noun: noun.one,
    nouns: noun.many,
    checkpoint: {
      size: number(checkpoint.size),
      root: grouped(checkpoint.root),
      at: time.long(checkpoint.at),
    },
    running: {
      organisation: cssText(organisation.name),
      title: cssText(title),
      mark: cssText(`${sample.name} · document ${document.slice(0, 16)}`),
      checkpoint: cssText(`${from} · checkpoint ${number(checkpoint.size)} · ${grouped(checkpoint.root.slice(0, 16))}`),
    },
    selection: selectionView(pack, sample),
    many: papers.length > keys ? counted(papers.length, "sheet") : null,
    papers,
    evidence: evidenceText(sample),
  };
}
export type WorkPaperView = ReturnType<typeof workPaperView>;

const populationSubject = ({ population }: Sample): Item["subject"] =>
  population === "changes" ? "change" : population === "commits" ? "commit" : "deployment";

const itemOf = (pack: Pack, { key, system }: SampledItem): Item | undefined => pack.itemOf(system, key);

const orderOf = { emergency: 0, automated: 1, significant: 2, ordinary: 3 } as const;

function selectionView({ time }: Pack, sample: Sample) {
  const { selection, digest, keys, fixed } = sample;
  const drawn = selection.by === "draw" ? selection : null;
  const strata = (drawn?.strata ?? []).toSorted((a, b) =>
    a.name in orderOf && b.name in orderOf
      ? orderOf[a.name as keyof typeof orderOf] - orderOf[b.name as keyof typeof orderOf]
      : 0,
  );
  return {
    size: number(keys.length),
    digest: grouped(digest),
    fixed: fixed
      ? `in the ledger, as r${fixed.record}, since ${time.long(fixed.at)}, before a seed was given`
      : sample.pack?.state === "issued"
        ? "by the pack itself, which is issued and signed"
        : `by nothing that lasts: ${sample.pack ? "a draft can be written again" : "the store was judged for this list"}`,
    drawn: drawn && {
      seed: visible(drawn.seed),
      asked: number(drawn.size),
      all: drawn.size >= keys.length,
      reason: drawn.reason,
      by: drawn.strataBy,
      strata: strata.map(({ name, population, sample: own }) => ({
        name: visible(name),
        population: number(population),
        sample: number(own),
      })),
      recipe: recipe(sample),
    },
    items:
      selection.by === "items"
        ? {
            digest: grouped(selection.digest),
            given: number(selection.given),
            unresolved: selection.unresolved.map(({ given, reason }) => ({
              given: visible(given),
              reason: visible(reason),
            })),
            anyUnresolved: selection.unresolved.length > 0,
          }
        : null,
  };
}

function evidenceText({ evidence, pack }: Sample): string {
  if (evidence === "store")
    return `The records lie in the ledger's store as the source gave them; ${pack?.state === "issued" ? `evidence.zip of ${pack.name} holds each of them, a line of records.jsonl with its id, and proofs.json the proof` : "once a pack of this evidence is issued, its evidence.zip holds each of them and the proof"}.`;
  return pack?.state === "issued"
    ? `Each record lies in evidence.zip of ${pack.name}, a line of records.jsonl with its id; proofs.json holds the proof that they are under the checkpoint.`
    : `The pack is a draft: it names the records by their leaves, and holds neither them nor a proof.`;
}

const tones = { pass: "flow", fail: "leak", notVerifiable: "unseen", notApplicable: "still" } as const;

function paper(pack: Pack, sample: Sample, sampled: SampledItem, item: Item, index: number) {
  const { result, time } = pack;
  const rows = attributeRows(pack, item);
  const own = rows.filter(({ setting }) => !setting);
  const anchor = `s${index}`;
  const cited = [
    item.record,
    ...rows.flatMap(({ evidence }) => evidence),
    ...sampled.events.map(({ record }) => record),
  ].filter((id) => id !== null);
  const wanted = new Set(cited);
  const records = result.records.filter(({ id }) => wanted.has(id));
  const listed = new Set(records.map(({ id }) => id));
  const refs = (ids: readonly number[]) =>
    ids.map((id) => ({ text: `r${id}`, anchor: listed.has(id) ? `${anchor}-r${id}` : null }));
  const merged = sampled.events.findLast(({ kind }) => kind === "merged");
  return {
    anchor,
    index: number(index),
    label: item.label,
    title: item.title,
    url: item.url,
    system: item.system,
    team: item.team,
    repository: item.repository,
    actor: item.actor,
    actorName: item.subject === "deployment" ? "Creator" : "Author",
    when: item.subject === "deployment" ? "Succeeded" : item.subject === "change" ? "Merged" : "On the branch",
    at: time.within(item),
    by: merged && item.subject === "change" ? visible(merged.text) : "",
    commit: item.commit ?? "",
    classes: (item.classes ?? []).map((one) => classWords[one]).join(", "),
    key: visible(item.key),
    summary: summary(rows),
    tone: toneOf(own, rows),
    rows: rows.map(({ letter, title, outcome, message, evidence, waiver, setting }, place) => ({
      first: setting && rows[place - 1]?.setting !== true,
      letter,
      title,
      outcome: outcomeNames[outcome],
      tone: tones[outcome],
      waiver,
      message,
      records: refs(evidence),
    })),
    figure: timelineFigure(sampled.events, pack),
    spans: spans(sampled.events),
    exceptions: result.exceptions
      .filter(({ item: of, system }) => of === item.key && system === item.system)
      .map((exception) => exceptionView(pack, exception)),
    records: records.map((record) => ({
      anchor: `${anchor}-r${record.id}`,
      text: `r${record.id}`,
      object: `${record.kind} ${record.externalId}`.replace(/\b([0-9a-f]{12})[0-9a-f]{28}\b/g, "$1…"),
      stream: record.stream,
      fetched: time.minute(record.fetchedAt),
      leaf: record.leaf.slice(0, 16),
      place: placeText(sampled, record.id),
    })),
    more: sampleOf(sample, item),
  };
}

function toneOf(own: ReturnType<typeof attributeRows>, all: ReturnType<typeof attributeRows>): Tone {
  const any = (rows: typeof own, outcome: string): boolean => rows.some((row) => row.outcome === outcome);
  if (any(own, "fail")) return "leak";
  if (any(own, "notVerifiable")) return "unseen";
  return any(all, "fail") || any(all, "notVerifiable") ? "still" : "flow";
}

const placeText = ({ places }: SampledItem, id: number): string => {
  const place = places.get(id);
  return place === undefined ? "" : number(place);
};

/** Where several systems share the item, that its other sheets say how they judge it. */
function sampleOf({ items }: Sample, item: Item): string | null {
  const others = items
    .filter(({ key, system }) => key === item.key && system !== item.system)
    .map(({ system }) => system);
  return others.length === 0
    ? null
    : `Also of ${others.join(", ")}, on a sheet of its own: each system's policy judges it.`;
}

const classWords: Readonly<Record<NonNullable<Item["classes"]>[number], string>> = {
  emergency: "emergency",
  significant: "significant",
  automated: "opened by automation",
  release: "release",
  mergedByHand: "merged by hand",
  editsItsChecks: "edits its own checks",
  retried: "a check passed on a repetition",
};

/** What failed or is open of the item itself, and, after that, of its branch's settings. */
function summary(rows: ReturnType<typeof attributeRows>): string {
  const letters = (outcome: string, setting: boolean): readonly string[] =>
    rows.filter((row) => row.outcome === outcome && row.setting === setting).map(({ letter }) => letter);
  const told = (setting: boolean): string =>
    [
      ...[letters("fail", setting)].flatMap((failed) => (failed.length === 0 ? [] : [`${failed.join(" ")} failed`])),
      ...[letters("notVerifiable", setting)].flatMap((open) =>
        open.length === 0 ? [] : [`${open.join(" ")} not verifiable`],
      ),
    ].join(", ");
  const settings = told(true);
  return `${told(false) || "nothing failed, nothing open"}${settings === "" ? "" : `; settings: ${settings}`}`;
}

/** A text that ends as a sentence does. */
const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function exceptionView({ result, time }: Pack, exception: Exception) {
  const response = result.responses?.find(({ id }) => id === exception.answer?.response);
  return {
    id: exception.id,
    waiver: exception.waiver,
    cause: ended(result.causes?.find(({ id }) => id === exception.cause)?.title ?? exception.messages.join("; ")),
    answer: response && {
      disposition: response.disposition,
      owner: response.owner,
      cause: ended(response.cause),
      rest: [
        ...(response.impact === undefined ? [] : [ended(`Impact: ${response.impact}`)]),
        ...(response.compensation === undefined ? [] : [ended(`Covered meanwhile by: ${response.compensation}`)]),
        ...(response.remediation === undefined ? [] : [ended(`Remediation: ${response.remediation}`)]),
        ...(response.due === undefined ? [] : [`Due ${response.due}.`]),
        ...(response.done === undefined ? [] : [`Done ${response.done}.`]),
      ],
      record: `r${response.record}`,
      at: time.minute(response.recordedAt),
    },
  };
}
