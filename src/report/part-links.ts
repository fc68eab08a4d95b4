import type { Part, PartPack } from "../model/assessment.ts";
import { counted } from "./format.ts";
import type { Pack } from "./pack.ts";

/** Another pack of the same run: its page lies in the folder of that name, beside this pack's. */
export interface PartLink {
  readonly name: string;
  readonly href: string;
}

/** A link to the pack; the name comes from a folder, so it is escaped as addresses want it. */
const partLink = ({ name }: Pick<PartPack, "name">): PartLink => ({
  name,
  href: `../${encodeURIComponent(name)}/pack.html`,
});

/** The pack of the part, or of the whole; null where none was written. */
export function packOf(
  { result: { parts = [] } }: Pick<Pack, "result">,
  kind: PartPack["kind"],
  id?: string,
): PartLink | null {
  const found = parts.find((part) => part.kind === kind && (id === undefined || part.id === id));
  return found === undefined ? null : partLink(found);
}

/** `team checkout`: what a part is called in a sentence. */
export const partName = ({ kind, id }: Part): string => `${kind} ${id}`;

/** What the cover of a part says of it: which it is, of how much, and where the whole is; null for the whole. */
export function partOf(pack: Pick<Pack, "result">) {
  const { part, scope, organisation, parts = [] } = pack.result;
  if (!part) return null;
  const systems = scope.systems.map(({ id }) => id);
  return {
    what: partName(part),
    name: parts.find(({ kind, id }) => kind === part.kind && id === part.id)?.name,
    text: `This is a part of the evidence of ${organisation.name}: ${partName(part)}${part.kind === "team" ? `, ${counted(systems.length, "system")}` : ` of team ${scope.systems[0]?.team}`}. It was judged once with the whole, on the same checkpoint; its items keep the numbers that they have there. A part is never issued: it stays a draft, for working with, and what is signed and counts is the pack of the whole.`,
    whole: packOf(pack, "organisation"),
    others: parts
      .filter(({ kind, id }) => kind !== "organisation" && !(kind === part.kind && id === part.id))
      .map((one) => ({ text: `${one.kind} ${one.id}`, ...partLink(one) })),
  };
}
