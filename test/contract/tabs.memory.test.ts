import { createMemoryTabs } from '../../testkit/src/memory-tabs.ts';
import { tabChannelContract } from './tabs.contract.ts';

tabChannelContract('memory', createMemoryTabs);
