/** Which rules a list shows. */
export const ruleShows = ['used', 'retired', 'all'] as const;
