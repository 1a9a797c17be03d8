// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the planted files hold templates
import { expect, it } from '@jest/globals';
import { sourceTree } from './source-tree.ts';
import { assembledSql, idleExceptions } from './sql-texts.ts';

const project = sourceTree('{apps,libs}/*/src/**/*.ts');

it('statements are constant texts, and no column is renamed by hand', () => {
  expect(assembledSql(project)).toEqual([]);
});

it('each exception is needed', () => {
  expect(idleExceptions(project)).toEqual([]);
});

it('planted violations are found', () => {
  const planted = new Map([
    ['a.ts', 'const rows = tx.query(`select ${columns} from payment where id = $1`, [id]);'],
    ['b.ts', "const open = 'select id from payment where ' + condition;"],
    ['c.ts', 'const bounded = client.query(`${statement} limit 5`);'],
    ['d.ts', `const read = 'select person_id as "personId" from payment';`],
    ['e.ts', 'const part = sql.raw(text);'],
    ['f.ts', 'const lateral = `\\n  cross join (select * from payment where ${condition}) open order by id`;'],
  ]);
  expect(assembledSql(planted)).toEqual([
    'a.ts:1: assembles SQL',
    'b.ts:1: assembles SQL',
    'c.ts:1: assembles SQL',
    'd.ts:1: renames a column as "personId"',
    'e.ts:1: writes raw SQL',
    'f.ts:1: assembles SQL',
  ]);
});

it('bound parameters, sentences and names in the case of SQL are none', () => {
  const sound = new Map([
    ['a.ts', 'const ids = sql<string>`any (${ids}::uuid[])`;'],
    ['b.ts', "const rows = tx.query('select person_id as owner from payment where id = $1', [id]);"],
    ['c.ts', 'const says = `The money comes from ${name}, who paid.`;'],
    ['sum.ts', "const about = 'Moves money from suspense to a person, where it' + 'pays orders.';"],
    ['d.ts', 'const ids = query.select([`id as paymentId`]);'],
    ['e.spec.ts', 'const rows = tx.query(`select ${columns} from payment`);'],
  ]);
  expect(assembledSql(sound)).toEqual([]);
});
