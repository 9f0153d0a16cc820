// A small chat on the composables of flooim/vue: `npm run build`, `npm start` for a server, `npx vite demo/vue`. ?dns=URL names another server.
import { createApp } from 'vue';
import { createClient } from 'flooim';
import { createFlooim } from 'flooim/vue';
import '../../chat.css';
import ChatApp from './ChatApp.vue';

const dnsServer = new URLSearchParams(location.search).get('dns') ?? 'http://127.0.0.1:4000/v2/app_dns';
const create = () => createClient({ appid: 'welovemaxim', dnsServer });

createApp(ChatApp).use(createFlooim({ create })).mount('#root');
