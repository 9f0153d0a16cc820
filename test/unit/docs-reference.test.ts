/** The pages of docs/reference name every public member, in both languages. The types are those of the API report. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');

/** `npm run check:api` fails when the report is not that of the built types. */
const report = ts.createSourceFile(
  'report.ts',
  /```ts\s([^]*)```/.exec(read('api/browser.api.md'))![1]!,
  ts.ScriptTarget.Latest,
);
const interfaces = new Map(report.statements.filter(ts.isInterfaceDeclaration).map((each) => [each.name.text, each]));

/** The members of an interface, also those that it inherits. */
function membersOf(name: string): string[] {
  const declared = interfaces.get(name)!;
  const own = declared.members.flatMap((member) => (member.name ? [member.name.getText(report)] : []));
  const inherited = (declared.heritageClauses ?? [])
    .flatMap(({ types }) => types)
    .flatMap(({ expression }) => membersOf(expression.getText(report)));
  return [...new Set([...own, ...inherited])].sort();
}

const MANAGERS = ['userManage', 'rosterManage', 'groupManage', 'sysManage', 'rtcManage'] as const;
const typeOf = (manager: string): string => manager[0]!.toUpperCase() + manager.slice(1);

/** The names in the first column of a page's tables. */
const rowsOf = (page: string): string[] =>
  [...read(page).matchAll(/^\| \[?`([^`]+)`/gm)].map(([, name]) => name!).sort();

for (const folder of ['reference', 'zh/reference']) {
  test(`${folder}/methods.md has every method of the client and its managers, each with its page of the types`, () => {
    const members = [
      ...membersOf('FlooClient')
        .filter((name) => !MANAGERS.some((manager) => manager === name))
        .map((name) => ['im', 'FlooClient', name] as const),
      ...MANAGERS.flatMap((manager) =>
        membersOf(typeOf(manager)).map((name) => [manager, typeOf(manager), name] as const),
      ),
    ];
    expect(members.length).toBeGreaterThan(200);
    const links = members.map(
      ([owner, type, name]) => `\`${owner}.${name}\`](…api/flooim/interfaces/${type}.md#${name.toLowerCase()})`,
    );
    const page = read(`${folder}/methods.md`).replaceAll(/\]\([./]*(reference\/)?api\//g, '](…api/');
    expect(links.filter((link) => !page.includes(link))).toEqual([]);
    expect(rowsOf(`${folder}/methods.md`).filter((name) => name.includes('.'))).toEqual(
      members.map(([owner, , name]) => `${owner}.${name}`).sort(),
    );
  });

  test(`${folder}/events.md has every event`, () => {
    expect(rowsOf(`${folder}/events.md`)).toEqual(membersOf('ClientEvents'));
  });

  test(`${folder}/options.md has every option`, () => {
    expect(rowsOf(`${folder}/options.md`)).toEqual(membersOf('ClientOptions'));
  });
}
