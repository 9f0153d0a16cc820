import { afterEach, describe, expect, test } from 'vitest';
import { createJournalKvProvider } from '../../src/platform/journal/kv-provider.ts';
import { createMemoryKvProvider } from '../../src/platform/memory/index.ts';
import { createMiniProgramFileSystem } from '../../src/platform/mini-program/file-system.ts';
import { createMiniProgramKvProvider } from '../../src/platform/mini-program/index.ts';
import { createUserFolder } from '../../src/platform/mini-program/user-folder.ts';
import type { KvProvider } from '../../src/platform/ports.ts';
import { openEnduringKv } from '../../src/store/enduring-kv.ts';
import { usedBytes } from '../support/mini-program-files.ts';
import type { PhoneDisk } from '../support/mini-program-files.ts';
import { createPhone } from '../support/mini-program.ts';
import type { Phone } from '../support/mini-program.ts';
import { kvStoreContract } from './kv-store.contract.ts';

const phones: Phone[] = [];
afterEach(() => phones.splice(0).forEach((phone) => phone.remove()));

function newPhone(disk: Partial<PhoneDisk> = {}): Phone {
  const phone = createPhone();
  Object.assign(phone.disk, disk);
  phones.push(phone);
  return phone;
}

const provider = (phone: Phone): KvProvider => createMiniProgramKvProvider(createUserFolder(phone.launch().api));

kvStoreContract('wx files', () => provider(newPhone()));
kvStoreContract('wx files, where a rename replaces nothing', () => provider(newPhone({ renameReplaces: false })));

/** Opens a database in the way of an account. */
function enduring(disk: Partial<PhoneDisk>): KvProvider {
  const real = provider(newPhone(disk));
  const fallback = createMemoryKvProvider();
  return {
    open: async (name) => {
      const kv = await openEnduringKv(real, name, {
        fallback,
        keepMessages: 1000,
        onDegraded: () => undefined,
        onMakingRoom: async () => undefined,
        onUnreadable: () => kv.forgetDisk(),
      });
      return kv;
    },
    drop: async (name) => {
      await Promise.all([real.drop(name).catch(() => undefined), fallback.drop(name)]);
    },
  };
}

const alone = { shares: false };
kvStoreContract('wx files over a quota of nothing', () => enduring({ quotaBytes: 0 }), alone);
kvStoreContract('wx files over a quota of 20 KB', () => enduring({ quotaBytes: 20_000 }), alone);
for (const nth of [3, 5, 8]) {
  kvStoreContract(
    `wx files, where every call from the ${nth}th on fails to write`,
    () => {
      let calls = 0;
      return enduring({
        fault: (method) =>
          /^(write|append)File$/.test(method) && ++calls >= nth
            ? { errMsg: `${method}:fail system error`, errno: 1300201 }
            : undefined,
      });
    },
    alone,
  );
}

describe('a full phone', () => {
  test('rejects with the error of the store, and keeps its data', async () => {
    const phone = newPhone({ quotaBytes: 30_000 });
    const store = await provider(phone).open('db');
    await store.commit([{ op: 'put', key: 'a', value: 'first' }]);
    const big = 'x'.repeat(30_000);
    await expect(store.commit([{ op: 'put', key: 'b', value: big }])).rejects.toMatchObject({
      name: 'QuotaExceededError',
    });
    expect(usedBytes(phone.disk.folder)).toBeLessThanOrEqual(30_000);
    const again = await provider(phone).open('db');
    expect(await again.range({ from: '', to: '\uffff' })).toEqual([{ key: 'a', value: 'first' }]);
  });
});

describe.each([true, false])('an app that is killed at any call (a rename replaces: %s)', (renameReplaces) => {
  test('leaves every stored batch, and no part of another except the one in progress', async () => {
    let calls = Infinity;
    for (let nth = 1; nth < calls; nth++) {
      const phone = newPhone({ renameReplaces });
      const run = phone.launch();
      const last = phone.disk.calls.length + nth;
      phone.disk.fault = () => {
        if (phone.disk.calls.length >= last) run.end();
        return undefined;
      };
      const open = async (api = run.api) =>
        createJournalKvProvider(createMiniProgramFileSystem(createUserFolder(api)), { journal: 60, block: 200 }).open(
          'db',
        );
      let stored = 0;
      const work = async (): Promise<void> => {
        const store = await open();
        for (let batch = 1; batch <= 6; batch++) {
          await store.commit([
            { op: 'put', key: 'number', value: batch },
            { op: 'put', key: `text ${batch}`, value: `${batch}好😀`.repeat(9) },
          ]);
          stored = batch;
        }
        await store.close();
        calls = phone.disk.calls.length;
      };
      const ended = new Promise<void>((resolve) => {
        const watch = setInterval(() => {
          if (!run.hasEnded) return;
          clearInterval(watch);
          resolve();
        });
      });
      const working = work().catch((error: unknown) => {
        // What runs on in this test after the kill meets an app that is gone.
        if (!run.hasEnded) throw error;
      });
      await Promise.race([working, ended]);
      phone.disk.fault = () => undefined;

      const store = await open(phone.launch().api);
      const entries = await store.range({ from: '', to: '\uffff' });
      const number = entries.find(({ key }) => key === 'number')?.value ?? 0;
      expect([stored, stored + 1], `killed at call ${nth}`).toContain(number);
      const texts = entries.filter(({ key }) => key !== 'number');
      expect(texts).toEqual(
        Array.from({ length: number as number }, (_, i) => ({ key: `text ${i + 1}`, value: `${i + 1}好😀`.repeat(9) })),
      );
      phone.remove();
    }
    expect(calls).toBeGreaterThan(20);
    expect(calls).toBeLessThan(Infinity);
  });
});
