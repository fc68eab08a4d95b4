/** A number with its unit in the right form: `1 record`, `2 records`, `2 entities`; `several` where an s does not make it. */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`;
