/** Adds functions that the SDK uses, that old browsers lack, and that core-js does not have. */
export function addPolyfills(): void {
  add(String.prototype, 'normalize', function (this: string): string {
    // Search then finds full-width letters only as they were written.
    return this;
  });
  add(console, 'debug', console.log);
  if (typeof Blob !== 'undefined') add(Blob.prototype, 'arrayBuffer', readBlob);
}

function add(target: object, name: string, value: unknown): void {
  if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

function readBlob(this: Blob): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(reader.error!);
    reader.readAsArrayBuffer(this);
  });
}
