/** For finding the few codes whose deactivation nobody has been told of, among millions. */
export const deactivationIndexes = [
  `create index promo_code_unannounced on promo_code (auto_deactivated_at)
     where auto_deactivated_at is not null and deactivation_announced_at is null`,
];
