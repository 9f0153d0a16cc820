import { describe, expect, test } from 'vitest';
import type { Tabs } from '../../src/platform/ports.ts';

/** The behaviour of every Tabs' channels. Needs no Node API: it runs in a real browser as well. */
export function tabChannelContract(name: string, createTabs: () => Tabs): void {
  describe(`${name}: a TabChannel`, () => {
    test('a message goes to the others in order, as a clone, and not to its sender', async () => {
      const { tabs, heard, hear } = listen();
      const sender = tabs.open('contract', () => heard.push('its own'));
      const sent = { count: 1 };
      sender.post(sent);
      sent.count = 2;
      sender.post(sent);
      await hear(2);
      expect(heard).toEqual([{ count: 1 }, { count: 2 }]);
      sender.close();
    });

    test('post after close sends nothing and throws nothing', async () => {
      const { tabs, heard, hear } = listen();
      const closed = tabs.open('contract');
      const open = tabs.open('contract');
      closed.close();
      closed.post('of the closed one');
      open.post('of the open one');
      await hear(1);
      expect(heard).toEqual(['of the open one']);
      open.close();
    });
  });

  function listen(): { tabs: Tabs; heard: unknown[]; hear(count: number): Promise<void> } {
    const tabs = createTabs();
    const heard: unknown[] = [];
    let check = (): void => undefined;
    const listener = tabs.open('contract', (message) => {
      heard.push(message);
      check();
    });
    const hear = async (count: number): Promise<void> =>
      new Promise((resolve) => {
        check = () => {
          if (heard.length < count) return;
          listener.close();
          resolve();
        };
        check();
      });
    return { tabs, heard, hear };
  }
}
