// Which property names of the sources never leave the SDK, so that a bundle may call them something shorter.
import { dirname, join } from 'node:path';
import ts from 'typescript';

const {
  Any,
  Instantiable,
  Intersection,
  Never,
  NonPrimitive,
  Null,
  String: Text,
  TypeParameter,
  Undefined,
  Unknown,
  Void,
} = ts.TypeFlags;
const KINDS_OF_SIGNATURE = [ts.SignatureKind.Call, ts.SignatureKind.Construct];

/** Names the language itself looks for on any object. */
const PROTOCOLS =
  'constructor prototype then toString toLocaleString valueOf toJSON next return throw done value handleEvent length name message stack cause';

/**
 * A name is internal when every use of it, on whatever type, is of a property that the sources declare, and none of these is of
 * a type that leaves. What leaves is found by following each value from its type into the one it is used as: into the types that
 * `entries` export, into a type of a library, into `any`, `unknown`, `{}` and string index signatures (JSON, IndexedDB, `Object.keys`),
 * and out of those by a cast.
 *
 * @param {string[]} entries files of a folder with a tsconfig.json
 * @param {string} root folder of the sources
 * @returns {Set<string>}
 */
export function internalNames(entries, root) {
  const { options } = ts.getParsedCommandLineOfConfigFile(join(dirname(entries[0]), 'tsconfig.json'), {}, host);
  const program = ts.createProgram(entries, options);
  const checker = program.getTypeChecker();
  const files = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(join(root, '/')));
  const ours = new Set(files);

  const used = new Set();
  const leaving = new Set(PROTOCOLS.split(' '));
  /** Type parameters whose values leave inside their function. */
  const leavingParameters = new Set();
  /** As leaving, of names that are put together. */
  const patterns = new Set();
  const seenToLeave = new Set();
  const seenToFlow = new Set();

  const isOurs = (symbol) =>
    symbol.declarations?.length > 0 && symbol.declarations.every((node) => ours.has(node.getSourceFile()));
  const argumentsOf = (type) => [
    ...(type.objectFlags & ts.ObjectFlags.Reference ? checker.getTypeArguments(type) : []),
    ...(type.aliasTypeArguments ?? []),
  ];
  const isObject = (type) => type.flags & (ts.TypeFlags.Object | Intersection);
  const signaturesOf = (type) => KINDS_OF_SIGNATURE.flatMap((kind) => checker.getSignaturesOfType(type, kind));
  const typeAt = (node) => checker.getTypeAtLocation(node);

  /** Whoever holds a value as this type can see all its names, or none of them. */
  function isOpaque(type) {
    if (type.flags & (Any | Unknown | NonPrimitive)) return true;
    if (!isObject(type) || checker.isArrayLikeType(type)) return false;
    const infos = checker.getIndexInfosOfType(type);
    if (infos.length > 0) return infos.some(({ keyType }) => keyType.flags & Text);
    // A message or a literal without fields is not `{}`.
    if (
      type.objectFlags & (ts.ObjectFlags.Interface | ts.ObjectFlags.ObjectLiteral) &&
      type.symbol &&
      isOurs(type.symbol)
    )
      return false;
    return checker.getPropertiesOfType(type).length === 0 && signaturesOf(type).length === 0;
  }

  /** Values of this type, and all they hold, are seen outside. */
  function leave(type) {
    if (seenToLeave.has(type)) return;
    seenToLeave.add(type);
    if (type.flags & TypeParameter) leavingParameters.add(type);
    if (type.flags & Instantiable) {
      const constraint = checker.getBaseConstraintOfType(type);
      if (constraint) leave(constraint);
    }
    if (type.isUnionOrIntersection()) return type.types.forEach(leave);
    if (!isObject(type)) return;
    argumentsOf(type).forEach(leave);
    if (type.symbol?.declarations?.length && !isOurs(type.symbol)) return;
    for (const property of checker.getPropertiesOfType(type)) {
      leaving.add(property.name);
      leave(checker.getTypeOfSymbol(property));
    }
    for (const info of checker.getIndexInfosOfType(type)) leave(info.type);
    for (const signature of signaturesOf(type)) {
      for (const parameter of signature.parameters) leave(checker.getTypeOfSymbol(parameter));
      leave(signature.getReturnType());
      const guarded = checker.getTypePredicateOfSignature(signature)?.type;
      if (guarded) leave(guarded);
    }
  }

  /** A value of one type is used as another. */
  function flow(from, to) {
    const pair = `${from.id},${to.id}`;
    if (from === to || seenToFlow.has(pair)) return;
    seenToFlow.add(pair);
    if (from.flags & (Never | Null | Undefined | Void) || to.flags & Never) return;
    if (from.isUnion()) return from.types.forEach((type) => flow(type, to));
    if (to.isUnion()) {
      const fitting = to.types.filter((type) => checker.isTypeAssignableTo(from, type));
      return (fitting.length > 0 ? fitting : to.types).forEach((type) => flow(from, type));
    }
    if (isOpaque(to)) leave(from);
    if (isOpaque(from)) leave(to);
    if (from.flags & Instantiable) {
      const constraint = checker.getBaseConstraintOfType(from);
      if (constraint && constraint !== from && !(constraint.flags & Unknown)) flow(constraint, to);
      return;
    }
    if (!isObject(from) || !isObject(to)) return;
    const [given, taken] = [argumentsOf(from), argumentsOf(to)];
    // The same generic, or two of the language: Array and ReadonlyArray, Promise and PromiseLike.
    const areOfLanguage = [from, to].every(({ symbol }) => symbol && !isOurs(symbol));
    if (given.length > 0 && given.length === taken.length && (from.target === to.target || areOfLanguage))
      return given.forEach((type, i) => flowBothWays(type, taken[i]));
    flowOfMembers(from, to);
  }

  function flowBothWays(a, b) {
    if (!b) return;
    flow(a, b);
    flow(b, a);
  }

  function flowOfMembers(from, to) {
    for (const property of checker.getPropertiesOfType(to)) {
      const type = checker.getTypeOfSymbol(property);
      const source = checker.getPropertyOfType(from, property.name);
      if (source) {
        const areOurs = [source, property].map(isOurs);
        if (areOurs[0] !== areOurs[1]) leaving.add(property.name);
        if (areOurs.includes(true)) flow(checker.getTypeOfSymbol(source), type);
      } else if (from.symbol && !isOurs(from.symbol)) {
        // Ours describes what a library's object may have.
        leaving.add(property.name);
        leave(type);
      }
    }
    for (const info of checker.getIndexInfosOfType(to)) {
      for (const property of checker.getPropertiesOfType(from)) flow(checker.getTypeOfSymbol(property), info.type);
      for (const { type } of checker.getIndexInfosOfType(from)) flow(type, info.type);
    }
    for (const kind of KINDS_OF_SIGNATURE)
      for (const a of checker.getSignaturesOfType(from, kind))
        for (const b of checker.getSignaturesOfType(to, kind)) {
          a.parameters.forEach((parameter, i) => {
            if (b.parameters[i]) flow(checker.getTypeOfSymbol(b.parameters[i]), checker.getTypeOfSymbol(parameter));
          });
          flow(a.getReturnType(), b.getReturnType());
        }
  }

  function use(name, symbol) {
    used.add(name);
    if (!symbol || !checker.getRootSymbols(symbol).every(isOurs)) leaving.add(name);
  }

  /** Texts that name properties. */
  function useTexts(type) {
    if (type.isUnion()) type.types.forEach(useTexts);
    else if (type.isStringLiteral()) leaving.add(type.value);
    else if (type.flags & ts.TypeFlags.TemplateLiteral) patterns.add(`^${type.texts.map(escape).join('.*')}$`);
    else if (type.flags & ts.TypeFlags.StringMapping) throw new Error(`no pattern for ${checker.typeToString(type)}`);
    else if (type.flags & Instantiable) {
      const constraint = checker.getBaseConstraintOfType(type);
      if (constraint && constraint !== type) useTexts(constraint);
    }
  }

  /** In CommonJS what a library exports is a property of what `require` gives. */
  function useImport({ name, propertyName, parent }) {
    if (!parent.parent.parent.moduleSpecifier.text.startsWith('.')) leaving.add((propertyName ?? name).text);
  }

  function useKey(name) {
    if (ts.isIdentifier(name)) used.add(name.text);
    else if (ts.isStringLiteral(name)) leaving.add(name.text);
    else if (ts.isComputedPropertyName(name)) useTexts(typeAt(name.expression));
  }

  function call(node) {
    const signature = checker.getResolvedSignature(node);
    const { declaration } = signature ?? {};
    if (!declaration) return;
    // Written out where nothing checks them: what a server answers.
    if (ts.isCallExpression(node)) node.typeArguments?.forEach((type) => leave(typeAt(type)));
    const given = checker.getTypeArgumentsForResolvedSignature(signature) ?? [];
    declaration.typeParameters?.forEach((parameter, i) => {
      const type = typeAt(parameter);
      if (leavingParameters.has(type)) leave(given[i] ?? typeAt(node));
      if (given[i] && parameter.constraint) flow(given[i], typeAt(parameter.constraint));
    });
    // Object.assign gives to its first argument what the others have.
    if (declaration.name?.text === 'assign') {
      const [target, ...sources] = node.arguments.map(typeAt);
      for (const source of sources) if (!target.symbol || !isOurs(target.symbol)) leave(source);
    }
    if (!ours.has(declaration.getSourceFile())) node.arguments?.forEach((argument) => useTexts(typeAt(argument)));
  }

  /** The type this expression is used as, where that is not made from the expression. */
  function contextOf(node) {
    const { parent } = node;
    const isInitializer = parent.initializer === node && !parent.type;
    const isOwn = ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isBindingElement(parent);
    if ((isInitializer && isOwn) || ts.isSatisfiesExpression(parent) || ts.isAsExpression(parent)) return undefined;
    return checker.getContextualType(node);
  }

  function visit(node) {
    if (ts.isIntersectionTypeNode(node)) {
      const types = node.types.map(typeAt);
      if (types.some(({ symbol }) => symbol?.declarations?.length && !isOurs(symbol))) types.forEach(leave);
    }
    if (ts.isExpression(node)) {
      const context = contextOf(node);
      if (context) flow(typeAt(node), context);
    }
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.name))
      use(node.name.text, checker.getSymbolAtLocation(node.name));
    else if (ts.isElementAccessExpression(node)) useTexts(typeAt(node.argumentExpression));
    else if (ts.isBinaryExpression(node)) {
      if (node.operatorToken.kind === ts.SyntaxKind.InKeyword) useTexts(typeAt(node.left));
      if (node.operatorToken.kind === ts.SyntaxKind.EqualsToken) flow(typeAt(node.right), typeAt(node.left));
    } else if (ts.isForInStatement(node)) leave(typeAt(node.expression));
    else if (ts.isBindingElement(node)) {
      const key = node.propertyName ?? node.name;
      if (!ts.isObjectBindingPattern(node.parent) || node.dotDotDotToken) return ts.forEachChild(node, visit);
      if (ts.isIdentifier(key))
        use(key.text, checker.getPropertyOfType(checker.getApparentType(typeAt(node.parent)), key.text));
      else useKey(key);
    } else if (ts.isAsExpression(node) && !ts.isConstTypeReference(node.type) && !ts.isAsExpression(node.parent)) {
      // `x as unknown as T` is x as T.
      const inner = ts.isAsExpression(node.expression) ? node.expression.expression : node.expression;
      flowBothWays(typeAt(inner), typeAt(node));
    } else if (ts.isHeritageClause(node)) node.types.forEach((type) => flow(typeAt(node.parent), typeAt(type)));
    else if (ts.isCallExpression(node) || ts.isNewExpression(node)) call(node);
    else if (ts.isTypePredicateNode(node) && node.type) leave(typeAt(node.type));
    else if (ts.isVariableStatement(node) && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword))
      node.declarationList.declarations.forEach((declaration) => leave(typeAt(declaration)));
    else if (ts.isImportSpecifier(node)) useImport(node);
    if (ts.isObjectLiteralElement(node) || ts.isClassElement(node) || ts.isEnumMember(node))
      if (node.name) useKey(node.name);
    ts.forEachChild(node, visit);
  }

  for (const entry of entries) {
    for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)))) {
      leaving.add(symbol.name);
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      if (target.flags & ts.SymbolFlags.Type) leave(checker.getDeclaredTypeOfSymbol(target));
      if (target.flags & ts.SymbolFlags.Value) leave(checker.getTypeOfSymbol(target));
    }
  }
  // Again while a type parameter was found to leave after a call of its function was visited.
  for (let known = -1; known < leavingParameters.size;) {
    known = leavingParameters.size;
    for (const file of files) visit(file);
  }
  const leaves = (name) => leaving.has(name) || [...patterns].some((pattern) => new RegExp(pattern).test(name));
  return new Set([...used].filter((name) => !leaves(name)).sort());
}

const escape = (text) => text.replace(/\W/g, '\\$&');

/** The names of the properties that a file of types declares, but for constants it keeps to itself. */
export function propertyNamesOf(text) {
  const file = ts.createSourceFile('types.d.ts', text, ts.ScriptTarget.Latest);
  const exported = file.statements.flatMap(({ exportClause }) => exportClause?.elements ?? []);
  const isExported = (name) => exported.some((element) => (element.propertyName ?? element.name).text === name.text);
  const names = [];
  const visit = (node) => {
    if (ts.isVariableDeclaration(node) && !isExported(node.name)) return;
    if ((ts.isTypeElement(node) || ts.isClassElement(node)) && node.name) names.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

const host = {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic({ messageText }) {
    throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
  },
};
