import type { Change, Entity, EntityOf, EntityType, GitPerson, Seen } from "../../model/entity.ts";
import type { Store } from "../index.ts";
import type { ChangeEvidence } from "./evidence.ts";

/** Accounts that the source named once and has forgotten since, by what they did; each with the record that names it. */
export interface EarlierIdentities {
  /** The change as it is with its author as an earlier record named it, and that record. */
  readonly authorOf: (change: Seen<Change>) => { readonly change: Seen<Change>; readonly record?: number };
  readonly evidence: ChangeEvidence;
}

/** Looks up who deleted accounts were, in the earlier records of whatever names nobody today. */
export async function earlierIdentities(
  store: Store,
  changes: readonly Seen<Change>[],
  evidence: ChangeEvidence,
): Promise<EarlierIdentities> {
  const reviews = [...evidence.reviews.values()].flat().filter(({ author }) => author === null);
  const commits = [...evidence.commits.values()].filter(
    ({ author, committer }) => author.account === null || committer.account === null,
  );
  const authors = [...evidence.authors.values()].filter((one) => one.authors.some(({ account }) => account === null));
  const nameless = [...changes.filter(({ author }) => author === null), ...reviews, ...commits, ...authors];
  if (nameless.length === 0) return { authorOf: (change) => ({ change }), evidence };

  const earlier = new Map<string, readonly Seen<Entity>[]>(
    Map.groupBy(await store.earlierEntities(nameless.map(({ record }) => record)), nameOf),
  );
  const before = <T extends EntityType>(entity: Seen<EntityOf<T>>) =>
    (earlier.get(nameOf(entity as unknown as Seen<Entity>)) ?? []) as readonly Seen<EntityOf<T>>[];
  const restored = <T extends EntityType>(entity: Seen<EntityOf<T>>, people: readonly GitPerson[]): GitPerson[] => {
    const known = before(entity).flatMap((one) => peopleOf(one as unknown as Entity));
    return people.map((person) => ({ ...person, account: person.account ?? accountOf(person, known) }));
  };
  return {
    authorOf(change) {
      const named = change.author ? undefined : before<"change">(change).findLast(({ author }) => author !== null);
      return named ? { change: { ...change, author: named.author }, record: named.record } : { change };
    },
    evidence: {
      ...evidence,
      reviews: new Map(
        [...evidence.reviews].map(([key, some]) => [
          key,
          some.map((review) =>
            review.author
              ? review
              : { ...review, author: before<"review">(review).findLast(({ author }) => author)?.author ?? null },
          ),
        ]),
      ),
      commits: new Map(
        [...evidence.commits].map(([key, commit]) => {
          const [author = commit.author, committer = commit.committer] = restored<"commit">(commit, [
            commit.author,
            commit.committer,
          ]);
          return [key, { ...commit, author, committer }];
        }),
      ),
      authors: new Map(
        [...evidence.authors].map(([key, one]) => [
          key,
          { ...one, authors: restored<"commitAuthors">(one, one.authors) },
        ]),
      ),
    },
  };
}

const nameOf = ({ type, key }: Entity): string => `${type} ${key}`;

const peopleOf = (entity: Entity): readonly GitPerson[] => {
  if (entity.type === "commit") return [entity.author, entity.committer];
  return entity.type === "commitAuthors" ? entity.authors : [];
};

/** The account that an earlier record resolved the same name and address to. */
const accountOf = ({ name, email }: GitPerson, known: readonly GitPerson[]): GitPerson["account"] =>
  known.findLast((one) => one.account !== null && one.name === name && one.email === email)?.account ?? null;
