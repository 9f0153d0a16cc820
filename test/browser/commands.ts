import type { BrowserCommand } from 'vitest/node';

/** Shuts every IndexedDB connection of the browser, as it does itself when its storage fails; the data stays. */
export const forceCloseDatabases: BrowserCommand = async ({ context }) => {
  const page = await context.newPage();
  try {
    await page.goto('chrome://indexeddb-internals');
    const buttons = page.getByText('Force close', { exact: true });
    await buttons.first().waitFor({ timeout: 5000 });
    for (const button of await buttons.all()) await button.click();
  } finally {
    await page.close();
  }
};

declare module 'vitest/browser' {
  interface BrowserCommands {
    forceCloseDatabases(): Promise<void>;
  }
}
