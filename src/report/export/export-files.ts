import type { AssessmentResult, ControlAssessment } from "../../model/assessment.ts";
import { sha256Hex } from "../../util/hash.ts";
import { csvOf } from "../csv.ts";
import { sortedJson } from "../json.ts";
import { controlEvidenceTable, controlItemsTable } from "../tables/control-items.ts";
import { exceptionsTable } from "../tables/findings.ts";
import { tableOf } from "../tables/table.ts";
import { type ExportedPack, type Layout, readme } from "./readme.ts";
import { safeNames } from "./safe-names.ts";

/** The list of an export's files. */
export const indexName = "index.csv";
/** The first line of an export's `index.csv`, by which its folder is known. */
export const indexHead = "path,framework,criterion,control,title,period,sha256";

interface Listed {
  readonly path: string;
  readonly framework: string;
  readonly criterion: string;
  readonly control: string;
  readonly title: string;
  readonly sha256: string;
}

/**
 * The files of an export by path, `/` between its parts, one by one: each control's folder, then README.txt and
 * `index.csv`, which lists them all and the PDF that lies beside. The same result gives the same bytes.
 */
export function* exportFiles(
  result: AssessmentResult,
  pack: ExportedPack,
  layout: Layout,
): Generator<readonly [path: string, text: string]> {
  const listed: Listed[] = [];
  const places = placesIn(result, layout);
  for (const control of result.controls) {
    const { folders, mapped } = places(control);
    const title = control.own?.title ?? control.title;
    const [first = ""] = folders;
    const digests = new Map<string, string>();
    for (const [name, text] of controlFiles(result, control)) {
      digests.set(name, sha256Hex(text));
      for (const folder of folders) yield [`${folder}${name}`, text];
    }
    for (const { framework, criterion, folder = first } of mapped) {
      for (const [name, sha256] of digests)
        listed.push({ path: `${folder}${name}`, framework, criterion, control: nameOf(control), title, sha256 });
    }
  }
  const text = readme(result, pack, layout);
  yield ["README.txt", text];
  const none = { framework: "", criterion: "", control: "" };
  listed.push(
    { ...none, path: "README.txt", title: "What this folder holds", sha256: sha256Hex(text) },
    { ...none, path: "pack.pdf", title: `The pack ${pack.name}`, sha256: pack.pdf },
  );
  yield [indexName, indexOf(listed, result.period.id)];
}

const nameOf = ({ id, own }: ControlAssessment): string => own?.id ?? id;

interface Place {
  readonly framework: string;
  readonly criterion: string;
  /** Absent: the files lie in the control's first folder. */
  readonly folder?: string;
}

/**
 * Where a control's files go, and under which criteria the index lists them. By criteria, they lie under each criterion
 * that the pack concludes; one that they only support refers to them.
 */
function placesIn(result: AssessmentResult, layout: Layout) {
  const concluded = new Set(
    result.criteria.filter((one) => one.concluded).map(({ framework, id }) => JSON.stringify([framework, id])),
  );
  const [frameworks, criteria, controls] = [safeNames(), safeNames(), safeNames()];
  return (control: ControlAssessment): { readonly folders: readonly string[]; readonly mapped: readonly Place[] } => {
    const name = controls(nameOf(control));
    const mapped = control.mappings.map(({ framework, criterion }) => ({ framework, criterion }));
    const anywhere = mapped.length > 0 ? mapped : [{ framework: "", criterion: "" }];
    if (layout !== "criteria") return { folders: [layout === "flat" ? `${name}-` : `${name}/`], mapped: anywhere };
    const own = mapped.filter(({ framework, criterion }) => concluded.has(JSON.stringify([framework, criterion])));
    const home = own.length > 0 ? own : anywhere.slice(0, 1);
    const places = anywhere.map((one): Place => {
      if (!home.includes(one)) return one;
      const under = one.framework === "" ? "no-criterion" : `${frameworks(one.framework)}/${criteria(one.criterion)}`;
      return { ...one, folder: `${under}/${name}/` };
    });
    return { folders: places.flatMap(({ folder }) => folder ?? []), mapped: places };
  };
}

function* controlFiles(
  result: AssessmentResult,
  control: ControlAssessment,
): Generator<readonly [name: string, text: string]> {
  const exceptions = result.exceptions.filter(({ id }) => control.exceptions.includes(id));
  yield ["control.json", controlJson(result, control)];
  yield ["items.csv", csvOf(controlItemsTable(result, control)).text];
  yield ["exceptions.csv", csvOf(exceptionsTable({ ...result, exceptions })).text];
  yield ["evidence.csv", csvOf(controlEvidenceTable(result, control)).text];
}

function controlJson({ organisation, period, checkpoint, tool }: AssessmentResult, control: ControlAssessment): string {
  return sortedJson({
    schemaVersion: 1,
    nature: "A result of management's own test of a whole population; not an opinion.",
    organisation: organisation.name,
    period,
    checkpoint,
    tool,
    control,
  });
}

function indexOf(files: readonly Listed[], period: string): string {
  const column = (name: keyof Listed) => ({ name, head: name, width: 20, value: (file: Listed) => file[name] });
  const { text } = csvOf(
    tableOf<Listed>(
      [
        ...(["path", "framework", "criterion", "control", "title"] as const).map(column),
        { name: "period", head: "period", width: 12, value: () => period },
        column("sha256"),
      ],
      files,
    ),
  );
  return text;
}
