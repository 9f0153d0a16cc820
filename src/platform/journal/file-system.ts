/**
 * The file operations that a store needs. Paths are relative to a place of the store's own, with `/` between their parts. Methods
 * reject with the platform's own error; an error for a full disk or quota has the name `QuotaExceededError`.
 *
 * Written text survives the end of the process once the promise has resolved. A `write` or `append` that rejects, or
 * during which the process ends, may have written any part of the text.
 */
export interface FileSystem {
  /**
   * Reads a file as UTF-8; undefined when there is no such file. Half a character, where a write broke off, may be read as
   * anything but must not make the call reject.
   */
  read(path: string): Promise<string | undefined>;
  /** Creates the file or replaces its content. */
  write(path: string, text: string): Promise<unknown>;
  /** Adds to the end of the file; creates the file if there is none. */
  append(path: string, text: string): Promise<unknown>;
  /** Renames a file in one step; replaces `to`. */
  rename(from: string, to: string): Promise<unknown>;
  /** Removes a file; does nothing when there is none. */
  remove(path: string): Promise<unknown>;
  /** Names in a directory; `[]` when there is none. Creates nothing. */
  list(directory: string): Promise<string[]>;
  /** Creates a directory with its parents; does nothing when it exists. */
  makeDirectory(path: string): Promise<unknown>;
  /** Removes a directory with everything in it; does nothing when there is none. */
  removeDirectory(path: string): Promise<unknown>;
}
