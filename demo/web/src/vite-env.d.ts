interface ImportMetaEnv {
  /** Where the page asks for its servers; `?dns=` in the address wins over it. */
  readonly VITE_DNS_SERVER?: string;
  /** Names one run of the dev server. Absent: a server that remembers. */
  readonly VITE_SERVER_RUN?: string;
}
