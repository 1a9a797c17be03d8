/** Bonus codes that persons have taken. */
export const applicationTables = [
  `create table promo_application (
     code_id uuid not null,
     person_id uuid not null,
     applied_at timestamptz not null,
     use_id uuid,
     state text not null check (state in ('applied', 'spent')),
     primary key (code_id, person_id)
   )`,
  `comment on column promo_application.use_id is
     'The slot that was held when the code was taken, where it counts on that; a conversion redeems it, and then it is spent.'`,
  `create index promo_application_of_person on promo_application (person_id)`,
];
