const RUN = 'flooim-demo.server-run';

/**
 * The dev server keeps nothing when it ends and gives the same ids to others when it starts again, so what the browser keeps
 * of an earlier run is wrong. An app with a real server needs none of this.
 */
export async function forgetEarlierServer(run: string | undefined): Promise<void> {
  if (run === undefined) return;
  if (localStorage.getItem(RUN) !== run) {
    localStorage.clear();
    localStorage.setItem(RUN, run);
    const databases = await indexedDB.databases();
    await Promise.all(databases.map(async ({ name }) => name?.startsWith('flooim.') && deleteDatabase(name)));
  }
  // Each tab has its own.
  if (sessionStorage.getItem(RUN) !== run) {
    sessionStorage.clear();
    sessionStorage.setItem(RUN, run);
  }
}

async function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}
