/** An account: every kind has a login, its number is asked by kind. */
export const account =
  "__typename login ... on User { databaseId } ... on Bot { databaseId } ... on Mannequin { databaseId } ... on Organization { databaseId } ... on EnterpriseUserAccount { id }";

const gitPerson = "name email user { __typename databaseId login }";

/** What a commit says of itself; `signature` in a section of its own. */
export const commit = (signature: boolean): string =>
  `id oid tree { oid } message authoredDate committedDate author { ${gitPerson} } committer { ${gitPerson} }${signature ? " signature { isValid wasSignedByGitHub }" : ""}`;

export const authors = `authors(first: 100) { totalCount nodes { ${gitPerson} } }`;

export const page = "pageInfo { hasNextPage endCursor }";

export const review = `id fullDatabaseId author { ${account} } state submittedAt url commit { oid }`;

export const dismissal = `id createdAt actor { ${account} } previousReviewState dismissalMessage review { id fullDatabaseId }`;

/** A check; `workflow` is a section of its own, for servers and credentials that do not know runs. */
export const check = (workflow: boolean): string => `__typename
  ... on CheckRun { id databaseId name status conclusion startedAt completedAt url checkSuite { databaseId app { databaseId slug }${workflow ? " workflowRun { file { path } }" : ""} } }
  ... on StatusContext { id context state createdAt targetUrl creator { ${account} } }`;

const happened = `id createdAt actor { ${account} }`;

/** An item of a change's timeline: a review, a dismissal, or one of the events below. */
export const timelineItem = `__typename
  ... on PullRequestReview { ${review} }
  ... on ReviewDismissedEvent { ${dismissal} }
  ... on LabeledEvent { ${happened} label { name } }
  ... on UnlabeledEvent { ${happened} label { name } }
  ... on BaseRefChangedEvent { ${happened} previousRefName currentRefName }
  ... on AutomaticBaseChangeSucceededEvent { ${happened} oldBase newBase }
  ... on HeadRefForcePushedEvent { ${happened} beforeCommit { oid } afterCommit { oid } }
  ... on AutoMergeEnabledEvent { ${happened} }
  ... on AddedToMergeQueueEvent { ${happened} }
  ... on ConnectedEvent { ${happened} source { ... on Issue { id } } subject { ... on Issue { id } } }`;

export const timelineTypes =
  "[PULL_REQUEST_REVIEW, REVIEW_DISMISSED_EVENT, LABELED_EVENT, UNLABELED_EVENT, BASE_REF_CHANGED_EVENT, AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT, HEAD_REF_FORCE_PUSHED_EVENT, AUTO_MERGE_ENABLED_EVENT, ADDED_TO_MERGE_QUEUE_EVENT, CONNECTED_EVENT]";

export const workItem = `id number title url createdAt author { ${account} } repository { nameWithOwner }`;

export const file = "path changeType additions deletions";

export const status = `id state environment createdAt logUrl creator { ${account} }`;

/** Which price the source charged; on servers without limits it is null. */
export const price = "rateLimit { cost }";
