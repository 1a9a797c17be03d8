import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { formatInstant } from '../../../apps/console/web/src/format/instants.ts';
import { words as classWords } from '../../../apps/console/web/src/messages/en/classes.ts';
import { words as codeWords } from '../../../apps/console/web/src/messages/en/codes.ts';
import { words as decisionWords } from '../../../apps/console/web/src/messages/en/decisions.ts';
import { words as formWords } from '../../../apps/console/web/src/messages/en/promo-codes.ts';
import { words as whyWords } from '../../../apps/console/web/src/messages/en/why.ts';
import { browserTests } from '../support/browser-tests.js';
import { press, tabTo } from '../support/keyboard.ts';
import { newMember, offeredClass } from '../support/offered.ts';
import type { Person } from '../support/person.ts';
import { zoneWhereItIs } from '../support/zones.ts';

const { form } = formWords;
const hours = { enabled: true, start_time: '06:00', end_time: '09:00' };

/** Makes a code for one person from 06:00 to 09:00 in Kolkata, without a mouse. Answers the path of its page. */
async function makeByKeyboard(admin: Person, code: string, personId: string): Promise<string> {
  const { page } = admin;
  const type = async (name: string, text: string) => {
    await tabTo(admin, page.getByRole('textbox', { name, exact: true }));
    await page.keyboard.type(text);
  };
  const time = async (name: string, digits: string) => {
    await tabTo(admin, page.getByRole('group', { name, exact: true }).getByRole('spinbutton').first());
    await page.keyboard.type(digits);
  };
  await type(codeWords.code, code);
  await tabTo(admin, page.getByRole('combobox', { name: form.zone }));
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('kolkata');
  await page.getByRole('option', { name: 'Asia/Kolkata' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await tabTo(admin, page.getByRole('switch', { name: new RegExp(`^${form.hasHours}`) }));
  await page.keyboard.press('Space');
  await time(form.from, '0600');
  await time(form.until, '0900');

  // Nothing is saved yet, and the openings stand there in both zones.
  await press(admin, page.locator('summary').filter({ hasText: codeWords.openings }));
  await admin.sees(codeWords.hoursOf('06:00', '09:00'));
  await admin.sees(codeWords.hoursOf('09:30', '12:30'));
  await admin.stop();

  await tabTo(admin, page.getByRole('combobox', { name: form.audience, exact: true }));
  await page.keyboard.type(form.audiences.listed);
  await tabTo(admin, page.getByRole('textbox', { name: form.persons }));
  await page.keyboard.type(personId);
  await press(admin, page.getByRole('button', { name: formWords.create }));
  await page.getByRole('heading', { level: 1, name: code }).waitFor();
  await admin.settled();
  await admin.stop();
  return new URL(page.url()).pathname;
}

/**
 * No service of the stack can be moved to another time. So the code that the admin makes is tried in the simulator at
 * the exact instants, and the member uses codes with the same hours in zones where it is before, within and after them
 * at the moment of the test.
 */
browserTests('hours from six to nine', (test) => {
  test('are made by keyboard in another zone, and hold to the minute', async ({ person }) => {
    const [member, admin] = [await person('member'), await person('admin', { timeZone: 'Asia/Tokyo' })];
    await member.signIn(newMember());
    const personId = (await member.session()).person_id as string;
    await admin.goto('/auth/sign-in?return_to=/admin/promo-codes/new');
    await press(admin, admin.page.locator('button[name=role][value=admin]'));
    await admin.page.waitForURL(/promo-codes\/new/);
    await admin.settled();
    const path = await makeByKeyboard(admin, `Dawn-${randomUUID().slice(0, 8)}`, personId);

    const tomorrow = Temporal.Now.plainDateISO('Asia/Kolkata').add({ days: 1 });
    const at = (time: string, day = tomorrow) => day.toZonedDateTime({ timeZone: 'Asia/Kolkata', plainTime: time });
    const opensAt = (day: Temporal.PlainDate) =>
      formatInstant(at('06:00', day).toInstant().toString(), 'Asia/Kolkata', 'en-GB');
    const simulate = async (time: string) => {
      const query = new URLSearchParams({ tab: 'simulator', person: personId, at: at(time).toInstant().toString() });
      await admin.open(`${path}?${query}`);
      await admin.page.getByRole('button', { name: decisionWords.simulate }).click();
      await admin.sees(decisionWords.ladder);
      return (await admin.page.locator('main [aria-live=polite]').first().innerText()).replaceAll(/\s+/g, ' ');
    };
    const early = await simulate('05:59:59.999');
    expect(early).toContain(codeWords.reasons.PROMO_CODE_OUTSIDE_HOURS);
    expect(early).toContain(`${decisionWords.worksFrom} ${opensAt(tomorrow)}`);
    await admin.stop();
    expect(await simulate('06:00')).toContain(decisionWords.works);
    expect(await simulate('09:00:59.999')).toContain(decisionWords.works);
    const late = await simulate('09:01');
    expect(late).toContain(codeWords.reasons.PROMO_CODE_OUTSIDE_HOURS);
    expect(late).toContain(`${decisionWords.worksFrom} ${opensAt(tomorrow.add({ days: 1 }))}`);
    await admin.stop();
  });

  test('let a member use a code within them, and say before and after when it opens', async ({ scenario, person }) => {
    const { classId } = await offeredClass(scenario, { priceMinor: 4_900 });
    const member = await person('member', { timeZone: 'Asia/Tokyo' });
    await member.signIn(newMember(), `/classes/${classId}`);
    const { person_id } = await member.session();
    const codeIn = async (timezone: string) => {
      const listed = { audience: 'listed', persons: [person_id] };
      const terms = { kind: 'discount', percent_bp: 1_000, active_hours: { ...hours, timezone }, ...listed };
      return (await scenario.code(terms)).code;
    };
    const [before, within, after] = [zoneWhereItIs(3), zoneWhereItIs(7), zoneWhereItIs(12)];
    const field = member.page.getByLabel(classWords.code, { exact: true });
    const check = async (code: string) => {
      await field.fill(code);
      await member.page.keyboard.press('Enter');
    };
    for (const [zone, days] of [
      [before, 0],
      [after, 1],
    ] as const) {
      const opening = Temporal.Now.plainDateISO(zone)
        .add({ days })
        .toZonedDateTime({ timeZone: zone, plainTime: '06:00' });
      const code = await codeIn(zone);
      await check(code);
      const refusal = member.page.getByRole('status').filter({ hasText: whyWords.codeRefused(code) });
      await refusal.filter({ hasText: 'This promo code is outside its active hours.' }).waitFor();
      const opens = formatInstant(opening.toInstant().toString(), zone, 'en-GB');
      expect((await refusal.innerText()).replaceAll(/\s+/g, ' ')).toContain(`${whyWords.worksFrom} ${opens} ${zone}`);
      await member.stop();
    }
    await check(await codeIn(within));
    await member.sees('€44.10');
    await member.stop();
  });
});
