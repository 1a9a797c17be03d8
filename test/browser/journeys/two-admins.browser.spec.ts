import { expect } from '@jest/globals';
import { words as formWords } from '../../../apps/console/web/src/messages/en/promo-codes.ts';
import { browserTests } from '../support/browser-tests.js';
import type { Person } from '../support/person.ts';

const { form, merge } = formWords;

/** Types into a field of the form that is open. */
const type = ({ page }: Person, name: string, text: string) =>
  page.getByRole('textbox', { name: new RegExp(`^${name}`) }).fill(text);

const save = ({ page }: Person) => page.getByRole('button', { name: formWords.save, exact: true }).click();

browserTests('two admins at one code', (test) => {
  test('lose nothing: the second sees both versions, takes of each, and saves', async ({ scenario, person }) => {
    const { codeId } = await scenario.code({ kind: 'discount', percent_bp: 1_000, title: 'As it was' });
    const first = await person('first');
    await first.signIn('admin', `/admin/promo-codes/${codeId}/edit`);
    const second = await person('second', { cookies: await first.cookies() });
    await second.open(`/admin/promo-codes/${codeId}/edit`);

    await type(first, formWords.codeTitle, 'Of the first');
    await type(first, form.percent, '15');
    await save(first);
    await first.page.waitForURL(new RegExp(`/admin/promo-codes/${codeId}$`));
    await first.sees('Of the first');

    await type(second, form.percent, '20');
    await second.page.getByRole('switch', { name: form.hasMaxUses }).check();
    await type(second, form.maxUses, '7');
    await save(second);
    const dialog = second.page.getByRole('dialog', { name: merge.title });
    const row = (name: string) => dialog.getByRole('row').filter({ has: second.page.getByRole('rowheader', { name }) });
    const cells = async (name: string) => (await row(name).getByRole('cell').allInnerTexts()).slice(0, 2);
    await row(formWords.codeTitle).waitFor();
    expect(await cells(formWords.codeTitle)).toEqual(['Of the first', 'As it was']);
    expect(await cells(form.percent)).toEqual(['15%', '20%']);
    expect(await cells(form.maxUses)).toEqual(['unlimited', '7']);
    await second.stop({ statuses: [409] });
    // What only one of them has changed is proposed; both have changed the percentage.
    const taken = (name: string) => dialog.getByRole('combobox', { name: merge.takeOf(name) });
    expect(await taken(formWords.codeTitle).inputValue()).toBe('theirs');
    expect(await taken(form.maxUses).inputValue()).toBe('mine');
    await taken(form.percent).selectOption('theirs');
    await dialog.getByRole('button', { name: merge.merge, exact: true }).click();
    await save(second);
    await second.page.waitForURL(new RegExp(`/admin/promo-codes/${codeId}$`));
    await second.sees('7 uses remaining');
    await second.stop();
    const { body } = await scenario.admin.get(`/admin/promo-codes/${codeId}`);
    expect(body).toMatchObject({ title: 'Of the first', percent_bp: 1_500, max_uses: 7, version: 3 });
  });
});
