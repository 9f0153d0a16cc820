import createSocketIoServer from 'socket.io-v2';
import { socketIoSuite } from './socket-io.suite.ts';

socketIoSuite('socket.io 2, engine 3', 3, createSocketIoServer);
