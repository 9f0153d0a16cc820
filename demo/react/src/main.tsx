// A small chat on the hooks of flooim/react: `npm run build`, `npm start` for a server, `npx vite demo/react`. ?dns=URL names another server.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from 'flooim';
import { FlooimProvider } from 'flooim/react';
import '../../chat.css';
import { App } from './app.tsx';

const dnsServer = new URLSearchParams(location.search).get('dns') ?? 'http://127.0.0.1:4000/v2/app_dns';
const create = () => createClient({ appid: 'welovemaxim', dnsServer });

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <FlooimProvider create={create}>
      <App />
    </FlooimProvider>
  </StrictMode>,
);
