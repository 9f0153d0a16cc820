// `npm run api:report` writes what each entry of the built package exports to docs/api/. `npm run check:api` fails when that changed.
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

/** The types of node, wechat and uniapp are those of browser: `src/entries/client-types.ts`. */
const REPORTS = ['browser', 'wire', 'error-texts', 'react', 'rtc', 'testing', 'vue'];

const check = process.argv.includes('--check');
const root = fileURLToPath(new URL('..', import.meta.url));
const types = (name) => `${root}dist/${name}.d.ts`;

const missing = REPORTS.filter((name) => !existsSync(types(name)));
if (missing.length > 0) {
  console.error(`dist/ has no types of ${missing.join(', ')}: npm run build first.`);
  process.exit(1);
}

mkdirSync(`${root}docs/api`, { recursive: true });
for (const name of REPORTS) {
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: `${root}package.json`,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: types(name),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            module: 'ESNext',
            moduleResolution: 'Bundler',
            lib: ['ES2022', 'DOM'],
            types: [],
            skipLibCheck: true,
          },
          files: [types(name)],
        },
      },
      apiReport: {
        enabled: true,
        reportFolder: `${root}docs/api`,
        reportTempFolder: `${root}node_modules/.cache/api-report`,
        reportFileName: name,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        // The report is about names and types. `npm run docs:coverage` is about the comments.
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    localBuild: !check,
    messageCallback: (message) => {
      if (message.logLevel !== ExtractorLogLevel.Error) message.handled = true;
    },
  });
  if (errorCount > 0) process.exitCode = 1;
  if (!apiReportChanged) continue;
  console.log(`docs/api/${name}.api.md ${check ? 'is out of date: npm run api:report, and commit it' : 'written'}`);
  if (check) process.exitCode = 1;
}
