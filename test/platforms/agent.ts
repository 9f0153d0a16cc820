/**
 * Runs beside the SDK on the platform, and carries out commands there. Every platform must be able to run it, also those
 * that have nothing newer than ES5: it needs JSON and functions, and what it gets.
 */

/** `create` names the events that it reports; a path is a method of the client, `sysManage.getMessage`. */
export type Command = { id: number } & (
  | { task: 'create'; config: object; events: readonly string[] }
  /** The paths of all methods. */
  | { task: 'members' }
  | { task: 'call'; path: string; args: readonly unknown[] }
);

export interface Answer {
  id: number;
  result?: unknown;
  error?: { reason?: string; message: string };
}
export type Said = Answer | { event: string; payload: unknown };

/** A file among the arguments of a call: `{ fileOf: text }`. */
export interface FileArgument {
  fileOf: string;
}

interface Sdk {
  createClient(config: object): Client;
}
type Client = { on(event: string, handler: (payload: unknown) => void): void } & Record<string, unknown>;

/** @param makeFile makes a file of the platform. */
export function createAgent(
  sdk: Sdk,
  makeFile: (text: string) => unknown,
  say: (said: Said) => void,
): (command: Command) => void {
  let client: Client | undefined;

  function withFiles(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const { fileOf } = value as Partial<FileArgument>;
    if (typeof fileOf === 'string') return makeFile(fileOf);
    if (Array.isArray(value)) return value.map(withFiles);
    const copy: Record<string, unknown> = {};
    Object.keys(value).forEach(function (key) {
      copy[key] = withFiles((value as Record<string, unknown>)[key]);
    });
    return copy;
  }

  /** A value as JSON can carry it: of a file only its facts. */
  function asJson(value: unknown): unknown {
    const file = value as { size?: number; slice?: unknown } | undefined | null;
    return file && typeof file === 'object' && typeof file.slice === 'function' && typeof file.size === 'number'
      ? { size: file.size }
      : value;
  }

  function members(): string[] {
    const paths: string[] = [];
    Object.keys(client!).forEach(function (name) {
      const member = client![name];
      if (typeof member === 'function') paths.push(name);
      else if (member && typeof member === 'object')
        Object.keys(member).forEach(function (inner) {
          if (typeof (member as Record<string, unknown>)[inner] === 'function') paths.push(name + '.' + inner);
        });
    });
    return paths;
  }

  function run(command: Command): unknown {
    if (command.task === 'members') return members();
    if (command.task === 'create') {
      const created = (client = sdk.createClient(command.config));
      command.events.forEach(function (event) {
        created.on(event, function (payload) {
          say({ event, payload });
        });
      });
      return undefined;
    }
    let self: unknown;
    let method: unknown = client;
    command.path.split('.').forEach(function (name) {
      self = method;
      method = (method as Record<string, unknown>)[name];
    });
    return (method as (...args: unknown[]) => unknown).apply(self, command.args.map(withFiles));
  }

  return function (command) {
    const { id } = command;
    function fail(error: unknown): void {
      const { reason, message } = error as { reason?: string; message: string };
      say({ id, error: reason === undefined ? { message } : { reason, message } });
    }
    try {
      const result = run(command) as PromiseLike<unknown> | undefined;
      if (result && typeof result.then === 'function') {
        result.then(function (value) {
          say({ id, result: asJson(value) });
        }, fail);
      } else say({ id, result: asJson(result) });
    } catch (error) {
      fail(error);
    }
  };
}
