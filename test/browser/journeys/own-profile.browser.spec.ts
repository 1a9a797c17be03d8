import { expect } from '@jest/globals';
import { words } from '../../../apps/console/web/src/messages/en/member/profile.ts';
import { words as shellWords } from '../../../apps/console/web/src/messages/en/shell.ts';
import { browserTests } from '../support/browser-tests.js';
import { newMember } from '../support/offered.ts';

browserTests('a member', (test) => {
  test('corrects their own name, and not the address that their sign-in confirms', async ({ person }) => {
    const member = await person('member');
    const account = newMember();
    await member.signIn(account);
    await member.page.getByRole('banner').getByRole('link', { name: account.name }).click();
    await member.page.getByRole('heading', { level: 1, name: words.title }).waitFor();
    const [name, email, save] = [
      member.page.getByLabel(words.name, { exact: true }),
      member.page.getByLabel(words.email, { exact: true }),
      member.page.getByRole('button', { name: words.save }),
    ];
    expect([await name.inputValue(), await email.inputValue()]).toEqual([account.name, account.email]);
    await name.fill(`${account.name} Corrected`);
    await save.click();
    await member.sees(words.saved);
    await member.page.getByRole('banner').getByText(`${account.name} Corrected`).waitFor();
    await member.stop();

    await member.page.reload();
    await member.settled();
    expect(await name.inputValue()).toBe(`${account.name} Corrected`);
    await member.page.getByRole('banner').getByText(`${account.name} Corrected`).waitFor();
    await name.fill('');
    await save.click();
    await member.sees(shellWords.formErrors(1));
    expect(await name.getAttribute('aria-invalid')).toBe('true');
    await member.stop({ statuses: [400] });
  });
});
