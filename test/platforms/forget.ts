// Runs first in a page: removes the features that IE 10 lacks, as far as a page can remove them.
const page = self;
/** Stays here when the page has no Reflect any more. */
const { deleteProperty, get } = Reflect;

const GLOBALS =
  'Promise Map Set WeakMap WeakSet WeakRef FinalizationRegistry Symbol Proxy Reflect BigInt Intl globalThis fetch Request Response ' +
  'Headers URL URLSearchParams TextDecoder TextEncoder AbortController AbortSignal structuredClone queueMicrotask MutationObserver ' +
  'requestIdleCallback BroadcastChannel ReadableStream DecompressionStream CompressionStream WebAssembly crypto Uint8ClampedArray ' +
  'BigInt64Array BigUint64Array SharedArrayBuffer Atomics performance SharedWorker';

const MEMBERS: Record<string, string> = {
  Object:
    'assign entries values fromEntries is setPrototypeOf getOwnPropertyDescriptors getOwnPropertySymbols hasOwn groupBy',
  Array: 'from of fromAsync',
  'Array.prototype':
    'find findIndex findLast findLastIndex includes fill flat flatMap copyWithin entries keys values at with toSorted toReversed toSpliced',
  'String.prototype':
    'includes startsWith endsWith repeat padStart padEnd trimStart trimEnd codePointAt normalize matchAll replaceAll at isWellFormed',
  String: 'raw fromCodePoint',
  Number: 'isInteger isSafeInteger isFinite isNaN parseInt parseFloat',
  Math: 'trunc sign imul clz32 log2 log10 cbrt hypot fround expm1 log1p sinh cosh tanh',
  'ArrayBuffer.prototype': 'slice resize transfer transferToFixedLength',
  'Blob.prototype': 'arrayBuffer text stream bytes',
  'IDBObjectStore.prototype': 'getAll getAllKeys getAllRecords getKey',
  'IDBTransaction.prototype': 'commit',
  console: 'debug',
};

/** Members of typed arrays, and of their shared parent. */
const TYPED =
  'from of slice fill copyWithin entries keys values find findIndex findLast findLastIndex includes indexOf lastIndexOf join map ' +
  'filter forEach every some reduce reduceRight reverse sort at with toSorted toReversed toString';

function forget(object: object | undefined, names: string): void {
  names.split(' ').forEach(function (name) {
    if (object && !deleteProperty(object, name)) throw new Error('cannot forget ' + name);
  });
}

function memberOf(object: object | undefined, name: string): object | undefined {
  return object && (get(object, name) as object | undefined);
}

Object.keys(MEMBERS).forEach(function (path) {
  const object = path.split('.').reduce(memberOf, page);
  forget(object, MEMBERS[path]!);
});

const shared = Object.getPrototypeOf(Uint8Array) as { prototype: object };
forget(shared, TYPED);
forget(shared.prototype, TYPED);
forget(page, GLOBALS);

// The WebSocket of IE 10 sends an ArrayBuffer, but turns a view into text.
const { send } = WebSocket.prototype;
WebSocket.prototype.send = function (data) {
  send.call(this, typeof data === 'string' || data instanceof ArrayBuffer ? data : String(data));
};
