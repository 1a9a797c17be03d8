import type { CodeTerms, PromoCode } from './domain/code.js';

const termsOfRules = [
  'ownerId',
  'kind',
  'percentBp',
  'amountMinor',
  'capMinor',
  'minimumMinor',
  'currency',
  'validFrom',
  'validUntil',
  'activeHours',
  'days',
  'maxUses',
  'maxUsesPerPerson',
  'maxUsesPerOffer',
  'budgetMinor',
  'offersRule',
  'offers',
  'audience',
  'stacking',
  'precedence',
  'countsOn',
  'holdHours',
  'holdPastValidity',
] as const satisfies readonly (keyof CodeTerms)[];

/** What decides about a redemption, without the counters. */
export const rulesProperties = [
  'id',
  'code',
  'version',
  'status',
  'autoDeactivatedAt',
  ...termsOfRules,
] as const satisfies readonly (keyof PromoCode)[];

/** What an admin states about a code. */
export const termProperties = [
  'title',
  ...termsOfRules,
  'autoDeactivateOnMaxUses',
  'giveBack',
] as const satisfies readonly (keyof CodeTerms)[];

/** All that a PromoCode holds. */
export const codeProperties = [
  ...termProperties,
  'id',
  'code',
  'batchId',
  'status',
  'autoDeactivatedAt',
  'used',
  'held',
  'givenMinor',
  'heldMinor',
  'version',
  'firstUsedAt',
  'createdAt',
  'createdBy',
  'updatedAt',
] as const satisfies readonly (keyof PromoCode)[];

/** The rules of a code. */
export type RulesRow = Pick<PromoCode, (typeof rulesProperties)[number]>;

/** The column of a property: `owner_id` of `ownerId`. */
function columnOf(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** These properties of a code by the names of their columns, as `json_populate_record` takes them. */
export function rowOf<Property extends string>(
  code: Readonly<Record<Property, unknown>>,
  properties: readonly Property[],
): Record<string, unknown> {
  return Object.fromEntries(properties.map((property) => [columnOf(property), code[property]]));
}
