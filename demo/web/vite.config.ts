import { defineConfig } from 'vite';

export default defineConfig({
  // Relative, so that the built page works in any folder of any server.
  base: './',
  build: { target: 'es2022' },
});
