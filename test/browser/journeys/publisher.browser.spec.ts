import { expect } from '@jest/globals';
import { words as codeWords } from '../../../apps/console/web/src/messages/en/codes.ts';
import { words as shellWords } from '../../../apps/console/web/src/messages/en/shell.ts';
import { accountOfRole } from '../../../tools/openid/people.ts';
import { browserTests } from '../support/browser-tests.js';
import { offeredClass } from '../support/offered.ts';

const owner_id = accountOfRole.publisher.subject;

browserTests('a publisher', (test) => {
  test('sees hours in both zones and the offers of an own code, and nobody else’s', async ({ scenario, person }) => {
    const { classId, title } = await offeredClass(scenario, { priceMinor: 4_900 });
    const hours = { enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'Asia/Kolkata' };
    const terms = { kind: 'discount', percent_bp: 1_000, active_hours: hours, offers_rule: 'some', offers: [classId] };
    const own = await scenario.code({ ...terms, owner_id });
    const other = await scenario.code({ kind: 'discount', percent_bp: 1_000, owner_id: 'another-publisher' });
    const publisher = await person('publisher', { timeZone: 'Asia/Tokyo' });
    await publisher.signIn('publisher', `/publisher/codes?search=${own.code}`);
    await publisher.page.getByRole('link', { name: own.code }).click();
    await publisher.page.getByRole('heading', { level: 1, name: own.code }).waitFor();
    await publisher.settled();
    await publisher.page.getByRole('columnheader', { name: codeWords.inZone('Asia/Kolkata') }).waitFor();
    await publisher.page.getByRole('columnheader', { name: codeWords.forYou('Asia/Tokyo') }).waitFor();
    // Half past nine in Tokyo is six in Kolkata.
    expect(await publisher.page.getByText(codeWords.hoursOf('09:30', '12:30')).count()).toBeGreaterThan(12);
    await publisher.sees(title);
    await publisher.stop();

    await publisher.goto(`/publisher/codes?search=${other.code}`);
    await publisher.sees(shellWords.filteredTitle);
    await publisher.stop();
    await publisher.goto(`/publisher/codes/${other.codeId}`);
    await publisher.sees(shellWords.notFoundTitle);
    await publisher.stop({ statuses: [404] });
  });
});
