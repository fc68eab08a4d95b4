/** The natural keys by which entities refer to each other. */

/** `github/4711`: a repository of a source by its immutable id. */
export const repositoryKey = (source: string, repositoryId: string): string => `${source}/${repositoryId}`;

/** `github/4711@<oid>`: a commit of a repository. */
export const commitKey = (repository: string, oid: string): string => `${repository}@${oid}`;

/** `github/4711#12`: a change of a repository by its number. */
export const changeKey = (repository: string, number: number): string => `${repository}#${number}`;

/** `github/4711/deployments/99`: an object of a repository that has no better name than its id. */
export const objectKey = (repository: string, kind: string, id: string): string => `${repository}/${kind}/${id}`;

/** The first eight digits of a commit's id, as packs show it; empty where there is none. */
export const short = (oid: string | null): string => (oid ?? "").slice(0, 8);
