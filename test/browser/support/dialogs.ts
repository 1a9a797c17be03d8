import type { Locator } from 'playwright-core';
import type { Person } from './person.ts';

/** Opens a dialog by its button, which stands on the page or in a part of it. */
export async function openDialog({ page }: Person, button: string, title: string, within?: Locator): Promise<Locator> {
  await (within ?? page).getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.waitFor();
  return dialog;
}

/** Submits the dialog and waits for the refusal with this sentence; what was typed stays. */
export async function isRefused(dialog: Locator, submit: string, sentence: string | RegExp): Promise<void> {
  const typed = () => dialog.locator('input').evaluateAll((inputs) => inputs.map((input) => input.value));
  const before = await typed();
  await dialog.getByRole('button', { name: submit, exact: true }).click();
  await dialog.getByText(sentence).first().waitFor();
  const after = await typed();
  if (after.join() !== before.join()) throw new Error(`“${before.join()}” was typed, “${after.join()}” is left`);
}

/** Submits the dialog, which closes when it is done. */
export async function isDone(dialog: Locator, submit: string): Promise<void> {
  await dialog.getByRole('button', { name: submit, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}
