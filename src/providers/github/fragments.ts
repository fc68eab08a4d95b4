/** An account: every kind has a login, its number is asked by kind. */
export const account =
  "__typename login ... on User { databaseId } ... on Bot { databaseId } ... on Mannequin { databaseId } ... on Organization { databaseId } ... on EnterpriseUserAccount { id }";

const gitPerson = "name email user { __typename databaseId login }";

/** What a commit says of itself; `signature` in a section of its own. */
export const commit = (signature: boolean): string =>
  `id oid message authoredDate committedDate author { ${gitPerson} } committer { ${gitPerson} }${signature ? " signature { isValid wasSignedByGitHub }" : ""}`;

export const authors = `authors(first: 100) { totalCount nodes { ${gitPerson} } }`;

export const page = "pageInfo { hasNextPage endCursor }";

export const review = `id fullDatabaseId author { ${account} } state submittedAt url commit { oid }`;

export const dismissal = `id createdAt actor { ${account} } previousReviewState dismissalMessage review { id fullDatabaseId }`;

export const check = `__typename
  ... on CheckRun { id databaseId name status conclusion startedAt completedAt url checkSuite { app { databaseId slug } } }
  ... on StatusContext { id context state createdAt targetUrl creator { ${account} } }`;

export const workItem = `id number title url createdAt author { ${account} } repository { nameWithOwner }`;

export const file = "path changeType additions deletions";

export const status = `id state createdAt creator { ${account} }`;

/** Which price the source charged; on servers without limits it is null. */
export const price = "rateLimit { cost }";
