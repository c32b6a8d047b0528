import type { Page } from 'playwright-core';

/** Fills in the provider's form, wherever the page was led to it. */
export async function fillInLogin(page: Page, username = 'clerk'): Promise<void> {
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill('surehand');
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs in, and ends up at a page of the gateway. */
export async function signInAt(
  page: Page,
  gateway: string,
  returnTo = '/',
  username?: string,
): Promise<void> {
  await page.goto(`${gateway}/auth/login?returnTo=${encodeURIComponent(returnTo)}`);
  await fillInLogin(page, username);
  await page.waitForURL(gateway + returnTo);
}

/** Calls the gateway from the page, as the page does itself; the status. */
export function callFrom(page: Page, path: string, method = 'GET'): Promise<number> {
  return page.evaluate(
    async ([url, verb]) => (await fetch(url, { method: verb, headers: { 'X-Surehand': '1' } })).status,
    [path, method] as const,
  );
}
