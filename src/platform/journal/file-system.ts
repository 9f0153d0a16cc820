/**
 * The little a store needs of a file system. Paths are relative to the store's own place, `/` between parts. Rejects with
 * the platform's own error; for a full disk or quota with one whose `name` is `QuotaExceededError`.
 *
 * What was written survives the end of the process from the moment its promise resolves. A `write` or `append` that rejects,
 * or that the process does not survive, may have written any part of the text.
 */
export interface FileSystem {
  /** UTF-8 text; undefined when there is no such file. Half a character, where a write broke off, is read as anything, but is read. */
  read(path: string): Promise<string | undefined>;
  /** Makes the file, or replaces what it holds. */
  write(path: string, text: string): Promise<unknown>;
  /** Makes the file if there is none. */
  append(path: string, text: string): Promise<unknown>;
  /** Atomic; replaces `to`. */
  rename(from: string, to: string): Promise<unknown>;
  /** Fine when there is none. */
  remove(path: string): Promise<unknown>;
  /** Names in a directory, [] when there is none; makes nothing. */
  list(directory: string): Promise<string[]>;
  /** With its parents; fine when it is there. */
  makeDirectory(path: string): Promise<unknown>;
  /** With everything in it; fine when there is none. */
  removeDirectory(path: string): Promise<unknown>;
}
