import { browserTabs } from '../../src/platform/browser/tabs.ts';
import { tabChannelContract } from '../contract/tabs.contract.ts';

tabChannelContract('browser', () => browserTabs()!);
