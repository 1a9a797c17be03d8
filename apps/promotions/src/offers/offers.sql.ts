/** What a code can be used for: a published class by itself, and what an admin registers of outside systems. */
export const offerTables = [
  `create table offer (
     id text collate "C" primary key,
     name text not null,
     class_id uuid unique,
     currency text,
     registered_at timestamptz not null,
     changed_at timestamptz not null,
     deleted_at timestamptz
   )`,
];
