import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { Person } from '../../test/browser/support/person.ts';
import { browserFlags, findBrowser } from '../browser/browser.ts';
import { CliError, runCommand, say, step } from '../terminal.ts';
import { startHome } from '../workspace/home.ts';
import { root } from '../workspace/root.ts';
import { screens } from './list/all.ts';
import { onRunningSystem, type RunningSystem } from './running-system.ts';
import { fillSample, type Sample, type SampleStage } from './sample.ts';
import { pathOf, type Role, type Screen } from './screen.ts';

const widths = [1280, 390];
const height = 900;

/**
 * `npm run screens`: a picture of every screen for each of its roles, wide and narrow, light and dark, of a system full
 * of things. Words after `--` choose screens by name and roles. The system of `npm start` is used if it runs; otherwise
 * it is started for as long as this takes.
 */
await runCommand(async () => {
  const chosen = chooseScreens(process.argv.slice(2));
  const found = await findBrowser();
  if ('missing' in found) throw new CliError(`No pictures: ${found.missing}.`);
  const { path, env } = found.program;
  return onRunningSystem(async (system) => {
    const browser = await chromium.launch({
      executablePath: path,
      env: { ...process.env, ...env } as Record<string, string>,
      args: [...browserFlags],
    });
    try {
      const sample = await step('a sample of everything made', () => sampleOf(system));
      const folder = join(startHome().path, 'screens');
      if (process.argv.length === 2) rmSync(folder, { recursive: true, force: true });
      for (const [role, ofRole] of chosen) {
        const count = `${ofRole.length} ${ofRole.length === 1 ? 'screen' : 'screens'} of ${role}`;
        await step(`${count} taken`, () => takeAll(browser, system, { role, screens: ofRole, sample, folder }));
      }
      say(`The pictures are in ${relative(root, folder)}/, by role.`);
      return 0;
    } finally {
      await browser.close();
    }
  });
});

/** By role, the screens that the words choose; all of them without words. */
function chooseScreens(words: readonly string[]): [Role, Screen[]][] {
  const roles = ['member', 'publisher', 'admin', 'ops'] as const;
  const wantedRoles = roles.filter((role) => words.includes(role));
  const names = words.filter((word) => !roles.some((role) => role === word));
  const unknown = names.find((name) => !screens.some((screen) => screen.name.includes(name)));
  if (unknown) throw new CliError(`No screen is called ${unknown}: ${screens.map(({ name }) => name).join(', ')}`);
  return roles
    .filter((role) => wantedRoles.length === 0 || wantedRoles.includes(role))
    .map((role): [Role, Screen[]] => [
      role,
      screens.filter(
        (screen) =>
          screen.roles.includes(role) && (names.length === 0 || names.some((name) => screen.name.includes(name))),
      ),
    ])
    .filter(([, ofRole]) => ofRole.length > 0);
}

/** The sample, as seen by those who sign in by the provider's buttons. */
function sampleOf({ run, issuer, secrets }: RunningSystem): Promise<Sample> {
  const token: SampleStage['token'] = (role, subject) => issuer.token(role, subject);
  return fillSample({ gatewayUrl: run.urls.gateway, webhooksUrl: run.urls.webhooks, secrets, token });
}

interface Session {
  readonly role: Role;
  readonly screens: readonly Screen[];
  readonly sample: Sample;
  readonly folder: string;
}

async function takeAll(browser: Browser, { run }: RunningSystem, { role, screens, sample, folder }: Session) {
  mkdirSync(join(folder, role), { recursive: true });
  const person = await Person.arrive(browser, run.urls.console, role);
  try {
    await person.signIn(role);
    for (const screen of screens) await take(person, pathOf(screen, sample), join(folder, role, screen.name));
  } finally {
    await person.leave();
  }
}

async function take(person: Person, path: string, file: string): Promise<void> {
  const { page } = person;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: widths[0] as number, height });
    try {
      await person.open(path);
    } catch (error) {
      say(`  ${path} does not come to rest: ${(error as Error).message.split('\n')[0]}`);
    }
    for (const width of widths) {
      await page.setViewportSize({ width, height });
      await page.screenshot({ path: `${file}-${width}-${colorScheme}.png`, fullPage: true });
    }
  }
}
