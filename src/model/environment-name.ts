/**
 * The name among those configured that an environment's is; undefined for none. Case does not tell environments apart.
 * @see https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments
 */
export const configuredEnvironment = (configured: readonly string[], name: string): string | undefined =>
  configured.find((one) => isSameEnvironment(one, name));

/** Whether two names are one environment's. */
export const isSameEnvironment = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
