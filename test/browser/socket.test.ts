import { inject } from 'vitest';
import { openBrowserSocket } from '../../src/platform/browser/sockets.ts';
import { socketContract } from '../contract/socket.contract.ts';

socketContract('browser', () => ({ factory: openBrowserSocket, urls: inject('sockets') }));
