import type { Locator, Page } from 'playwright-core';
import { eventually } from '../../support/eventually.js';
import type { Person } from './person.ts';

const pressesMax = 80;

/** Where the focus is, and whether somebody can see that it is there. */
const focusState = `(() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return 'lost';
  const { width, height, bottom, right } = focused.getBoundingClientRect();
  if (width === 0 || height === 0 || bottom <= 0 || right <= 0) return 'out of sight on ' + focused.outerHTML.slice(0, 80);
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
  const isMarked = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  return isMarked ? 'seen' : 'not visible on ' + focused.outerHTML.slice(0, 80);
})()`;

/** Presses Tab until the focus is on the element; on the way the focus is never lost and always visible. */
export async function tabTo({ page }: Person, target: Locator): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < pressesMax; presses += 1) {
    if (await target.evaluate((element) => element.contains(element.ownerDocument.activeElement))) return;
    await page.keyboard.press('Tab');
    await eventually(() => expectVisibleFocus(page), { withinMs: 1_000 });
  }
  throw new Error(`${pressesMax} times Tab do not reach ${target}`);
}

/** After the last element the focus is with the browser, once around. */
async function expectVisibleFocus(page: Page): Promise<void> {
  const state = await page.evaluate<string>(focusState);
  if (state !== 'seen' && state !== 'lost') throw new Error(`the focus is ${state}`);
}

/** Goes to a link or a button by the keyboard, and presses it. */
export async function press(person: Person, target: Locator): Promise<void> {
  await tabTo(person, target);
  await person.page.keyboard.press('Enter');
}
