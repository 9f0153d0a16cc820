import { Server } from 'socket.io';
import { socketIoSuite } from './socket-io.suite.ts';
import type { SocketIoStart } from './socket-io.suite.ts';

const start: SocketIoStart = (http, options) =>
  new Server(http, { ...options, transports: ['websocket'], allowEIO3: true });

socketIoSuite('socket.io 4, engine 4', 4, start);
socketIoSuite('socket.io 4, engine 3', 3, start);
