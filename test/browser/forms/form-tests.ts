import { expect } from '@jest/globals';
import type { Locator, Page, Route } from 'playwright-core';
import { memberRoutes } from '../../../apps/console/web/src/api/generated/operations.ts';
import { staffRoutes } from '../../../apps/console/web/src/api/generated/staff-operations.ts';
import { words } from '../../../apps/console/web/src/messages/en/shell.ts';
import type { Role } from '../../../tools/screens/screen.ts';
import { eventually } from '../../support/eventually.js';
import { browserTests, type Scene } from '../support/browser-tests.js';
import type { Person } from '../support/person.ts';

/** A form of the console that changes something. */
export interface WritingForm {
  /** The operation that it sends. */
  readonly operation: string;
  readonly role: Role;
  /** It stands on a page that shows live what the server has done: it goes by itself, and nothing is to be repeated. */
  readonly isLive?: boolean;
  /** Goes to the form and fills it; resolves to the button that sends it. */
  fill(writer: Person, scene: Scene): Promise<Locator>;
}

interface Sent {
  readonly key: string | undefined;
  readonly body: string | null;
  /** What the server answered: status and content. */
  readonly answer?: readonly [number, string];
}

const signedOut = {
  status: 401,
  contentType: 'application/problem+json',
  body: JSON.stringify({ type: 'about:blank', title: 'x', status: 401, code: 'UNAUTHENTICATED', detail: 'Sign in.' }),
};

/**
 * Tests of these forms: somebody is signed out, comes back and finds what was typed; the answer to what is sent then
 * is lost, and the repeat is the same request, which acts no second time.
 */
export function formTests(title: string, forms: readonly WritingForm[]): void {
  browserTests(title, (test) => {
    for (const form of forms) {
      test(`${form.operation} keeps what was typed, and a repeat acts once`, async (scene) => {
        const writer = await scene.resident(form.role);
        const { page } = writer;
        await writer.speaks('en');
        const submit = await form.fill(writer, scene);
        const sent = await interrupted(page, form.operation);

        const typed = await valuesOf(submit);
        await submit.click();
        const dialog = page.getByRole('dialog', { name: words.signedOutTitle });
        await dialog.waitFor();
        await writer.stop({ statuses: [401] });
        sent.lets = 'cut';
        // As when a person comes back from the tab in which they signed in.
        await page.evaluate(`window.dispatchEvent(new Event('focus'))`);
        await dialog.waitFor({ state: 'detached' });
        expect(await valuesOf(submit)).toEqual(typed);

        await submit.click();
        if (form.isLive) {
          await submit.waitFor({ state: 'detached' });
          await eventually(() => expect(sent.calls).toHaveLength(1));
          await writer.settled();
          return writer.stop({ isCutOff: true });
        }
        await page.getByText(words.noAnswerTitle).waitFor();
        await writer.stop({ isCutOff: true });
        sent.lets = 'through';
        const repeat = page.getByRole('button', { name: words.repeat });
        const sentBefore = sent.calls.length;
        await repeat.click();
        await eventually(() => sent.calls.length > sentBefore);
        await page.getByRole('button', { name: words.working }).waitFor({ state: 'detached' });
        const [lost, again] = sent.calls.slice(-2) as [Sent, Sent];
        expect(lost.key).toMatch(/^[0-9a-f-]{36}$/);
        expect(lost.answer?.[0]).toBeLessThan(300);
        expect(again).toEqual(lost);
        await writer.settled();
        await writer.stop();
      });
    }
  });
}

interface Interrupted {
  /** What becomes of the next requests: refused as signed out, carried out without an answer, or let through. */
  lets: 'nothing' | 'cut' | 'through';
  readonly calls: Sent[];
}

async function interrupted(page: Page, operation: string): Promise<Interrupted> {
  const [method, path] = { ...memberRoutes, ...staffRoutes }[operation as keyof typeof memberRoutes] as [
    string,
    string,
  ];
  const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
  const sent: Interrupted = { lets: 'nothing', calls: [] };
  const respond = async (route: Route) => {
    const request = route.request();
    if (request.method() !== method) return route.fallback();
    if (sent.lets === 'nothing') return route.fulfill(signedOut);
    const response = await route.fetch();
    const { 'idempotency-key': key } = request.headers();
    sent.calls.push({ key, body: request.postData(), answer: [response.status(), await response.text()] });
    return sent.lets === 'cut' ? route.abort('connectionreset') : route.fulfill({ response });
  };
  await page.route((url) => pattern.test(url.pathname), respond);
  return sent;
}

/** What stands in the fields of the form, in their order. */
function valuesOf(submit: Locator): Promise<string[]> {
  return submit.evaluate((button) => {
    const form = (button as unknown as { form: { elements: Iterable<{ value?: string; checked?: boolean }> } }).form;
    return [...form.elements].map(({ value = '', checked = false }) => `${value} ${checked}`);
  });
}

/** The button of a form, which may stand in a dialog over a page with a button of the same name. */
export function submitOf(page: Page, name: string): Locator {
  return page.locator('form .form-actions').getByRole('button', { name, exact: true });
}
