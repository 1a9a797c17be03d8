/** Who is who in reports, and who is new. */
export const personTables = [
  `create table person (
     id uuid primary key,
     name text not null,
     username text not null,
     email text not null,
     has_closed_order boolean not null default false
   )`,
];
