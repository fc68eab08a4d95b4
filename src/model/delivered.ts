/** A change as delivery metrics see it. */
export interface DeliveredChange {
  readonly key: string;
  readonly mergedAt: string;
  /** When work on it began: its first commit by git's date, its opening or its merge, whichever is earliest; undefined where its commits were not read. */
  readonly beganAt: string | undefined;
}

/** A deployment that reached production, as delivery metrics see it. */
export interface Delivered {
  /** Unique within its system. */
  readonly key: string;
  readonly system: string;
  /** The source's own. */
  readonly id: string;
  readonly environment: string;
  readonly oid: string;
  /** When it first succeeded. */
  readonly succeededAt: string;
  /** It put the version that was there already once more. */
  readonly repeats: boolean;
  /** It put a version that had been there before the one it replaced. */
  readonly fallsBack: boolean;
  /** The changes it brought that no deployment of its environment had brought before. */
  readonly changes: readonly DeliveredChange[];
}

/** An incident as an imported list gives it. */
export interface Incident {
  readonly id: string;
  readonly system: string;
  readonly openedAt: string;
  /** Null while it is open. */
  readonly resolvedAt: string | null;
  /** The deployment, by the source's id, and the commit that the list itself names as what caused it. */
  readonly deployment: string | null;
  readonly commit: string | null;
  readonly record: number;
}

/** When work on a change began: a git date may lie anywhere, but one after the merge cannot be when it began. */
export function workBegan(
  committedAt: readonly string[],
  { createdAt, mergedAt }: { readonly createdAt: string; readonly mergedAt: string },
): string {
  return [...committedAt, createdAt, mergedAt].reduce((a, b) => (b < a ? b : a));
}
