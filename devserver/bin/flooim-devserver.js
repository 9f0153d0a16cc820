#!/usr/bin/env node
// In the repository, so that npm links the command before the first build.
import { existsSync } from 'node:fs';

const cli = new URL('../dist/cli.js', import.meta.url);
if (existsSync(cli)) await import(cli.href);
else {
  console.error('The dev server is not built yet: npm run build');
  process.exitCode = 1;
}
