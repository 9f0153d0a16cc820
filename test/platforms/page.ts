// Runs in a page or a worker beside the SDK. Written in ES5, with the features of a page of 2012.
import type { createAgent as CreateAgent, Command, Said } from './agent.ts';

declare const createAgent: typeof CreateAgent;

/** Gets commands from the site, again and again, and posts the results, one after the other. */
export function serveAgent(sdk: Parameters<typeof CreateAgent>[0]): void {
  let unsaid: unknown[] = [];
  let isPosting = false;

  function ask(method: string, path: string, body: string | undefined, done: (text: string) => void): void {
    const xhr = new XMLHttpRequest();
    xhr.open(method, path);
    xhr.onload = function () {
      done(xhr.responseText);
    };
    xhr.send(body);
  }
  function post(): void {
    if (isPosting || unsaid.length === 0) return;
    isPosting = true;
    const body = JSON.stringify(unsaid);
    unsaid = [];
    ask('POST', '/said', body, function () {
      isPosting = false;
      post();
    });
  }
  function say(said: Said): void {
    unsaid.push(said);
    post();
  }
  function makeFile(text: string): Blob {
    return new Blob([text], { type: 'text/plain' });
  }
  const handle = createAgent(sdk, makeFile, say);
  function next(): void {
    ask('POST', '/next', '', function (text) {
      handle(JSON.parse(text) as Command);
      next();
    });
  }
  next();
}
