// `npm run --silent api`: the built package has every documented member, event and error code, as values and as types.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const list = (relative) => JSON.parse(readFileSync(path(relative), 'utf8'));

const TYPES = path('dist/node.d.ts');
if (!existsSync(TYPES)) {
  console.error('dist/ has no node.d.ts: npm run build first.');
  process.exit(1);
}

const { deployed, rightSpelling } = list('test/api/members.json');
const { fired, boundByApps, lacking } = list('test/api/events.json');
const { numbers } = list('test/fixtures/client-error-codes.json');

const sdk = await import(path('dist/node.js'));
const im = sdk.createClient({ autoLogin: false, dnsServer: 'http://127.0.0.1:2/app_dns', logLevel: 'off' });
const program = ts.createProgram([TYPES], { strict: true, noEmit: true, skipLibCheck: true });
const checker = program.getTypeChecker();
const exported = new Map(
  checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(TYPES)))
    .map((symbol) => [symbol.name, checker.getDeclaredTypeOfSymbol(symbol)]),
);
const client = exported.get('FlooClient');
const typeOf = (type, name) => {
  const member = type && checker.getPropertyOfType(type, name);
  return member && checker.getTypeOfSymbol(member);
};

const missingMembers = Object.entries(deployed).flatMap(([owner, names]) => {
  const [value, type] = owner === 'im' ? [im, client] : [im[owner], typeOf(client, owner)];
  return [...names, ...Object.values(rightSpelling[owner] ?? {})].filter(
    (name) => typeof value?.[name] !== 'function' || !typeOf(type, name)?.getCallSignatures().length,
  );
});
await im.dispose();
const memberCount = [...Object.values(deployed), ...Object.values(rightSpelling).map(Object.values)].flat().length;

const events = [...fired, ...boundByApps, ...lacking];
const missingEvents = events.filter((name) => !typeOf(exported.get('ClientEvents'), name));

const codes = Object.keys(numbers);
const codeTypes = new Set(exported.get('FlooErrorCode')?.types?.map(({ value }) => value));
const missingCodes = codes.filter((name) => !codeTypes.has(name) || sdk.errorNumber(name) !== numbers[name]);

const results = [
  { what: 'members', count: memberCount, missing: missingMembers },
  { what: 'events', count: events.length, missing: missingEvents },
  { what: 'error codes', count: codes.length, missing: missingCodes },
];
console.log(results.map(({ what, count, missing }) => `${what} ${count - missing.length} of ${count}`).join(', '));
for (const { what, missing } of results) {
  if (missing.length === 0) continue;
  console.error(`${what} missing: ${missing.join(' ')}`);
  process.exitCode = 1;
}
