import ts from 'typescript';
import type { Example } from './examples.ts';

export interface Docs {
  /** Each documentable item by its path, e.g. `ClientOptions.appid` or `SysManage.makeSearch(text)`. */
  items: Map<string, boolean>;
  /** What is badly written, one line each. */
  problems: string[];
  examples: Example[];
}

/** Pages that users of the package do not have. */
const PRIVATE_PAGES = /api-surface|rest-api|field-notes|app-usage|\bxsync \d/;
const TAG_IN_MIDDLE = /\S[^\S\n]+(@(?:throws|returns|param|default|deprecated|example)\b)/;

/** Reads the documentation of one type file. */
export function checkDocs(file: ts.SourceFile): Docs {
  const docs: Docs = { items: new Map(), problems: [], examples: [] };
  const interfaces = new Set(file.statements.filter(ts.isInterfaceDeclaration).map(({ name }) => name.text));
  const objects = new Set([
    ...interfaces,
    ...file.statements.filter(ts.isTypeAliasDeclaration).filter(isObject).map(nameOf),
  ]);

  const record = (path: string, documented: boolean): void => {
    docs.items.set(path, documented && docs.items.get(path) !== false);
  };

  const recordNode = (path: string, node: ts.Node): void => {
    const text = textOf(node);
    const alias = aliasedName(node);
    const deprecated = ts.getJSDocDeprecatedTag(node);
    const deprecation = deprecated ? (ts.getTextOfJSDocComment(deprecated.comment) ?? '') : undefined;
    record(path, text !== '' || (deprecation !== undefined && deprecation !== ''));
    if (alias !== undefined && deprecation !== undefined && !deprecation.includes(alias))
      docs.problems.push(`wrong name: ${path} is deprecated and does not name ${alias}`);
    if (/^the same\b/i.test(text)) docs.problems.push(`"The same" is no documentation: ${path}`);
    for (const tag of ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === 'example'))
      docs.examples.push({ where: path, code: ts.getTextOfJSDocComment(tag.comment) ?? '' });
  };

  /** Members of the object types that are written out inside a type. */
  const visitType = (path: string, type: ts.Node | undefined, named: ReadonlySet<string> = new Set()): void => {
    if (!type) return;
    if (ts.isTypeLiteralNode(type)) for (const member of type.members) visitMember(path, member, named);
    // The condition itself is no part of the resulting type.
    else if (ts.isConditionalTypeNode(type))
      for (const result of [type.trueType, type.falseType]) visitType(path, result);
    else ts.forEachChild(type, (child) => visitType(path, child, named));
  };

  const visitParameters = (path: string, node: ts.SignatureDeclaration, documentedBy: ts.Node): void => {
    const tags = ts.getJSDocTags(documentedBy).filter(ts.isJSDocParameterTag);
    const named = new Set(tags.filter(({ comment }) => comment).map((tag) => tag.name.getText().replace(/\s/g, '')));
    for (const [index, parameter] of node.parameters.entries()) {
      const name = ts.isIdentifier(parameter.name) ? parameter.name.text : `#${index}`;
      const fields = [...named]
        .filter((each) => each.startsWith(`${name}.`))
        .map((each) => each.slice(name.length + 1));
      visitType(`${path}(${name})`, parameter.type, new Set(fields));
      record(`${path}(${name})`, named.has(name) || fields.length > 0 || isDescribedByType(parameter.type));
    }
    visitType(`${path}()`, node.type);
  };

  /** An object whose fields are documented where they are declared needs no `@param`. */
  const isDescribedByType = (type: ts.TypeNode | undefined): boolean => {
    if (!type) return false;
    if (ts.isTypeLiteralNode(type)) return true;
    if (ts.isIntersectionTypeNode(type)) return type.types.every(isDescribedByType);
    return (
      ts.isTypeReferenceNode(type) &&
      (objects.has(type.typeName.getText()) || /^(Pick|Omit)$/.test(type.typeName.getText()))
    );
  };

  const visitMember = (
    path: string,
    member: ts.TypeElement | ts.ClassElement,
    named: ReadonlySet<string> = new Set(),
  ): void => {
    if (ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) return;
    const name = member.name?.getText() ?? '';
    const inside = name && name !== path ? `${path}.${name}` : path;
    if (ts.isIndexSignatureDeclaration(member)) visitType(path, member.type);
    else if (ts.isPropertySignature(member) || ts.isPropertyDeclaration(member)) {
      // A value in a table of constants is described by the table.
      if (member.type && isValue(member.type) && isInConstant(member)) return;
      if (named.has(name)) record(inside, true);
      else recordNode(inside, member);
      if (member.type && ts.isFunctionTypeNode(member.type)) visitParameters(inside, member.type, member);
      else visitType(inside, member.type);
    } else if (ts.isFunctionLike(member)) {
      if (name || ts.isConstructorDeclaration(member)) recordNode(name ? inside : `${path}.constructor`, member);
      visitParameters(name ? inside : path, member, member);
    } else recordNode(inside, member);
  };

  for (const statement of file.statements) {
    if (ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement)) {
      const name = nameOf(statement);
      // A class and an interface that are merged are documented by one of them.
      if (!docs.items.has(name) || textOf(statement)) recordMerged(name, statement);
      for (const member of statement.members) visitMember(name, member);
    } else if (ts.isTypeAliasDeclaration(statement)) {
      recordNode(statement.name.text, statement);
      if (ts.isFunctionTypeNode(statement.type)) visitParameters(statement.name.text, statement.type, statement);
      else visitType(statement.name.text, statement.type);
    } else if (ts.isFunctionDeclaration(statement) || ts.isEnumDeclaration(statement)) {
      recordNode(nameOf(statement), statement);
      if (ts.isFunctionDeclaration(statement)) visitParameters(nameOf(statement), statement, statement);
    } else if (ts.isVariableStatement(statement)) {
      for (const { name, type } of statement.declarationList.declarations) {
        recordNode(name.getText(), statement);
        if (type && ts.isFunctionTypeNode(type)) visitParameters(name.getText(), type, statement);
        else visitType(name.getText(), type);
      }
    }
  }

  function recordMerged(name: string, statement: ts.Node): void {
    docs.items.delete(name);
    recordNode(name, statement);
  }

  for (const [number, line] of file.text.split('\n').entries()) {
    const where = `${file.fileName}:${number + 1}`;
    const comment = /^\s*(?:\/\*\*|\*)(.*)/.exec(line)?.[1];
    if (comment === undefined) continue;
    if (PRIVATE_PAGES.test(comment)) docs.problems.push(`a page that users do not have, ${where}: ${comment.trim()}`);
    const tag = TAG_IN_MIDDLE.exec(comment)?.[1];
    if (tag) docs.problems.push(`${tag} in the middle of a line, ${where}: ${comment.trim()}`);
  }
  return docs;
}

const nameOf = (node: ts.DeclarationStatement): string => node.name?.getText() ?? 'default';

function isObject({ type }: ts.TypeAliasDeclaration): boolean {
  return ts.isTypeLiteralNode(type) || ts.isIntersectionTypeNode(type);
}

/** The words of a comment, without its tags. */
function textOf(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return comments
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join('\n')
    .trim();
}

/** The right name of a deprecated spelling: `getGruopMessage: GroupManage['getGroupMessage']`. */
function aliasedName(node: ts.Node): string | undefined {
  if (!ts.isPropertySignature(node) || !node.type || !ts.isIndexedAccessTypeNode(node.type)) return undefined;
  const { indexType } = node.type;
  return ts.isLiteralTypeNode(indexType) && ts.isStringLiteral(indexType.literal) ? indexType.literal.text : undefined;
}

/** A literal, or a tuple of literals. */
function isValue(type: ts.TypeNode): boolean {
  if (ts.isTypeOperatorNode(type)) return isValue(type.type);
  return ts.isLiteralTypeNode(type) || (ts.isTupleTypeNode(type) && type.elements.every(isValue));
}

function isInConstant(node: ts.Node): boolean {
  let at: ts.Node = node;
  while (!ts.isSourceFile(at)) {
    if (ts.isVariableStatement(at)) return true;
    at = at.parent;
  }
  return false;
}
