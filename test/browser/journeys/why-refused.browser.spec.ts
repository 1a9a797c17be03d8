import { expect } from '@jest/globals';
import { words as accountWords } from '../../../apps/console/web/src/messages/en/account.ts';
import { words as codeWords } from '../../../apps/console/web/src/messages/en/codes.ts';
import { words as decisionWords } from '../../../apps/console/web/src/messages/en/decisions.ts';
import { words as personWords } from '../../../apps/console/web/src/messages/en/money/persons.ts';
import { browserTests } from '../support/browser-tests.js';
import { newMember } from '../support/offered.ts';
import { zoneWhereItIs } from '../support/zones.ts';

const outside = 'This promo code is outside its active hours.';

/** In the zone of the code it is a quarter to four, or a few minutes off. */
const hoursIn = (timezone: string) => ({ enabled: true, start_time: '06:00', end_time: '09:00', timezone });

browserTests('a refusal', (test) => {
  test('is found by the person, explained rule by rule, and tried at another time', async ({ scenario, person }) => {
    const zone = zoneWhereItIs(3);
    const { code, codeId } = await scenario.code({
      kind: 'bonus',
      percent_bp: 1_000,
      currency: 'EUR',
      active_hours: hoursIn(zone),
    });
    const [member, admin] = [await person('member'), await person('admin', { timeZone: 'Asia/Tokyo' })];
    const account = newMember();
    await member.signIn(account, '/bonus-codes');
    await member.page.getByLabel(accountWords.code, { exact: true }).fill(code);
    await member.page.getByRole('button', { name: accountWords.apply }).click();
    // A stranger to the code sees nothing of it.
    await member.sees('This promo code cannot be used here.');
    await member.stop({ statuses: [422] });

    await admin.signIn('admin', '/persons');
    const { page } = admin;
    await page.getByLabel(personWords.search).fill(account.email);
    await page.getByRole('row', { name: account.email }).getByRole('link').first().click();
    await page.getByRole('link', { name: personWords.decisions, exact: true }).click();
    const refused = page.getByRole('row').filter({ hasText: code });
    await refused.filter({ hasText: codeWords.reasons.PROMO_CODE_OUTSIDE_HOURS }).waitFor();
    await admin.settled();
    await admin.stop();
    await refused.getByRole('rowheader').getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: decisionWords.receipt, exact: true }).waitFor();
    const rule = (name: string) => page.getByRole('listitem').filter({ hasText: decisionWords.rules[name] });
    await rule('status').filter({ hasText: decisionWords.results.passed }).waitFor();
    await rule('hours')
      .filter({ hasText: decisionWords.results.failed })
      .filter({ hasText: `in ${zone}` })
      .waitFor();
    await rule('currency').filter({ hasText: decisionWords.results.not_evaluated }).waitFor();
    await admin.settled();
    await admin.stop();

    // What if it were half past six?
    await page.getByRole('link', { name: decisionWords.simulate }).click();
    await page.waitForURL(new RegExp(`/admin/promo-codes/${codeId}.*tab=simulator`));
    expect(await page.getByLabel(decisionWords.personId).inputValue()).toBe((await member.session()).person_id);
    const when = page.getByRole('group', { name: decisionWords.when });
    for (const [part, digits] of [
      ['hour', '06'],
      ['minute', '30'],
    ] as const) {
      await when.getByRole('spinbutton', { name: part }).click();
      await page.keyboard.type(digits);
    }
    await page.getByRole('button', { name: decisionWords.simulate }).click();
    await admin.sees(decisionWords.works);
    await rule('hours').filter({ hasText: decisionWords.results.passed }).waitFor();
    await admin.stop();
  });

  test('stands among the decisions that a member sees, with its rules for who holds the code', async (scene) => {
    const zone = zoneWhereItIs(3);
    const member = await scene.person('member', { locale: 'en-GB' });
    await member.signIn(newMember(), '/bonus-codes');
    const { person_id } = await member.session();
    const terms = { kind: 'bonus', percent_bp: 1_000, currency: 'EUR', active_hours: hoursIn(zone) };
    const { code } = await scene.scenario.code({ ...terms, audience: 'listed', persons: [person_id] });
    const { code: hidden } = await scene.scenario.code({ ...terms, audience: 'listed', persons: [] });
    const { page } = member;
    const apply = page.getByRole('region', { name: accountWords.applyTitle });
    for (const typed of [code, hidden]) {
      await apply.getByLabel(accountWords.code, { exact: true }).fill(typed);
      await apply.getByRole('button', { name: accountWords.apply }).click();
      const says = typed === code ? outside : 'This promo code cannot be used here.';
      await apply.getByRole('alert').filter({ hasText: says }).waitFor();
    }
    await member.stop({ statuses: [422] });
    // The list of own codes says why this one is not usable, in words of its own.
    await page.reload();
    await page.getByRole('listitem').filter({ hasText: code }).getByText(outside).waitFor();

    await page.getByRole('link', { name: accountWords.tries }).click();
    await page.getByRole('heading', { level: 1, name: accountWords.tries }).waitFor();
    await member.settled();
    const row = (text: string) => page.getByRole('row').filter({ hasText: text.toUpperCase() });
    await row(hidden).filter({ hasText: codeWords.reasons.PROMO_CODE_NOT_USABLE }).waitFor();
    expect(await row(hidden).locator('details').count()).toBe(0);
    await row(code)
      .getByText(codeWords.reasons.PROMO_CODE_OUTSIDE_HOURS as string)
      .click();
    const hours = row(code).getByRole('listitem').filter({ hasText: decisionWords.rules.hours });
    await hours
      .filter({ hasText: decisionWords.results.failed })
      .filter({ hasText: `in ${zone}` })
      .waitFor();
    await member.stop();
  });
});
